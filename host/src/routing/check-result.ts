import {
  type IndexMap,
  type Measured,
  type MetricRun,
  type Operation,
  pixelTypeOf,
  type Resample,
  type Resampled,
  type ResampleRun,
  voxelCount,
} from '@voxhost/sdk';
import { HostError } from '../errors.js';

/** What a backend answered wrongly, or undefined. Numbers are the conformance kit's business; shapes are checked on every run. */
export function brokenResample(
  operation: Resample,
  run: ResampleRun,
  result: Resampled,
): string | undefined {
  const { source, gradient, pixelType } = operation;
  const dims = source.grid.size.length;
  const samples =
    'points' in run.samples ? run.samples.points.length / dims : voxelCount(run.samples.size);
  const wanted = samples * source.channels * (gradient ? 1 + dims : 1);
  const found = pixelTypeOf(result?.data);
  if (found !== pixelType) return `answered ${found ?? 'no pixels'} instead of ${pixelType}`;
  if (result.data.length !== wanted)
    return `answered ${result.data.length} values instead of ${wanted}`;
  if (run.into !== undefined && result.data !== run.into)
    return 'did not answer in the buffer given';
  return undefined;
}

/** As `brokenResample`, for a metric: value, count and the derivative's length. */
export function brokenMetric(map: IndexMap, run: MetricRun, result: Measured): string | undefined {
  if (typeof result?.value !== 'number') return 'answered no value';
  if (!Number.isSafeInteger(result.samples) || result.samples < 0)
    return `counted ${result.samples} samples`;
  if (!run.derivative) return undefined;
  const wanted = freeParameters(map);
  const found = result.derivative?.length;
  return found === wanted
    ? undefined
    : `answered ${found ?? 'no'} derivatives instead of ${wanted}`;
}

function freeParameters(map: IndexMap): number | undefined {
  switch (map.kind) {
    case 'affine':
      return map.matrix.length;
    case 'field':
      return map.lattice.data.length;
    case 'points':
      return map.positions.length;
    case 'sequence':
      return undefined;
    default:
      return map satisfies never;
  }
}

/** Throws `PLUGIN_FAILED` for a result that breaks the contract, so that the call moves on. */
export function checkResult(
  plugin: string,
  operation: Operation,
  map: IndexMap,
  answered: { readonly run: ResampleRun | MetricRun; readonly result: Resampled | Measured },
): void {
  const broken =
    operation.kind === 'resample'
      ? brokenResample(operation, answered.run as ResampleRun, answered.result as Resampled)
      : brokenMetric(map, answered.run as MetricRun, answered.result as Measured);
  if (broken === undefined) return;
  throw new HostError('PLUGIN_FAILED', { plugin, verdict: 'contract-violation', reason: broken });
}
