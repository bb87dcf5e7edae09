import {
  type IndexMap,
  type Measured,
  type MetricRun,
  mapMembers,
  pixelTypeOf,
  type Resample,
  type Resampled,
  type ResampleRun,
  voxelCount,
} from '@voxhost/sdk';

/**
 * What a backend answered wrongly, or undefined. Shapes are checked on every run; numbers are the conformance kit's
 * business, but for an output of nothing but NaN.
 */
export function brokenResample(
  operation: Resample,
  map: IndexMap,
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
  if (isNaNFromNumbers(operation, map, run, result)) return 'answered NaN everywhere, from numbers';
  return undefined;
}

/** As `brokenResample`, for a metric: value, count and the derivative's length. */
export function brokenMetric(map: IndexMap, run: MetricRun, result: Measured): string | undefined {
  if (typeof result?.value !== 'number') return 'answered no value';
  if (!Number.isSafeInteger(result.samples) || result.samples < 0)
    return `counted ${result.samples} samples`;
  if (!run.derivative) return undefined;
  const wanted = freeParameters(map);
  const { derivative } = result;
  if (derivative !== undefined && pixelTypeOf(derivative) !== 'float64')
    return 'answered a derivative that is no float64';
  return derivative?.length === wanted
    ? undefined
    : `answered ${derivative?.length ?? 'no'} derivatives instead of ${wanted}`;
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

/**
 * Is every value of a resample NaN, though nothing that it was made of is? Such an output was not computed. Looks at
 * a few values, and at all of them and of the input only where those are NaN.
 */
function isNaNFromNumbers(
  { source, boundary }: Resample,
  map: IndexMap,
  { samples }: ResampleRun,
  { data }: Resampled,
): boolean {
  const step = Math.max(1, Math.floor(data.length / LOOKS));
  for (let at = 0; at < data.length; at += step) if (!Number.isNaN(data[at])) return false;
  if (data.length === 0 || !every(data, Number.isNaN)) return false;
  const fill = 'value' in boundary ? [boundary.value] : [];
  const points = 'points' in samples ? [samples.points] : [];
  return [source.data, fill, ...points, ...numbersOf(map)].every((each) => every(each, isSafe));
}

const LOOKS = 64;
/** Larger values may overflow where they are weighed, and give NaN. */
const SAFE = 1e30;
const isSafe = (value: number): boolean => Math.abs(value) < SAFE;

function every(values: ArrayLike<number>, isRight: (value: number) => boolean): boolean {
  for (let at = 0; at < values.length; at++) if (!isRight(values[at] as number)) return false;
  return true;
}

function numbersOf(map: IndexMap): readonly ArrayLike<number>[] {
  if (map.kind === 'points') return [map.positions];
  return mapMembers(map).flatMap((member) => {
    if (member.kind === 'affine') return [member.matrix];
    return [member.matrix, member.vectors, member.lookup, member.lattice.data];
  });
}
