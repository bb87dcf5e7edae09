import type { IndexMap, Json, Measured, Metric } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createHost } from 'voxhost';
import { linearMetric } from '../support/operations.js';
import {
  type BenchSettings,
  type Elapsed,
  type Measurement,
  startClock,
  timesOf,
} from './measure.js';
import { noisyWaves } from './volume.js';
import { rotation } from './workloads.js';

/** Value and derivative of a metric by the 12 parameters of an affine map, every voxel a sample. */
export interface MetricWorkload {
  readonly name: string;
  readonly metric: string;
  readonly options: Json;
}

export const METRIC_WORKLOADS: readonly MetricWorkload[] = [
  { name: 'metric-mean-squares', metric: 'mean-squares', options: {} },
  { name: 'metric-normalized-correlation', metric: 'normalized-correlation', options: {} },
  {
    name: 'metric-mattes-mutual-information',
    metric: 'mattes-mutual-information',
    options: { bins: 32 },
  },
  {
    name: 'metric-local-normalized-correlation',
    metric: 'local-normalized-correlation',
    options: { radius: 2 },
  },
];

/** Runs of one Prepared, as an optimiser has them. */
const MAPS = 50;
/** Edge of the volume on which the reference takes a second or two. */
const COMPARED_EDGE = 40;

/** The peers' angle, and a little more each time. */
const mapOf = (n: number, run: number): IndexMap => rotation(n, 0.03 + 1e-4 * run);

function operationOf({ metric, options }: MetricWorkload, n: number): Metric {
  const demand = { maps: ['affine'], samples: 'grid', perRun: n ** 3, runs: MAPS } as const;
  const images = { fixed: noisyWaves(n), moving: noisyWaves(n, 0.2) };
  return linearMetric(metric, images, { options, demand });
}

/** Prepares once, through the host, and times the runs of 50 maps. */
export async function measureMetric(
  workload: MetricWorkload,
  { n, threads }: BenchSettings,
): Promise<Measurement> {
  await using host = await createHost({ threads, backends: ['cpu'] });
  await using prepared = await host.prepare(operationOf(workload, n));
  const times: Elapsed[] = [];
  const { provenance } = await prepared.run(mapOf(n, 0), { derivative: true });
  for (let run = 0; run < MAPS; run++) {
    const clock = startClock();
    await prepared.run(mapOf(n, run), { derivative: true });
    times.push(clock());
  }
  const small = operationOf(workload, Math.min(n, COMPARED_EDGE));
  await using preparedSmall = await host.prepare(small);
  const map = mapOf(small.fixed.grid.size[0], 0);
  const found = await preparedSmall.run(map, { derivative: true });
  return {
    name: workload.name,
    backend: provenance.backend,
    n,
    threads,
    ...timesOf(times, n),
    maxError: await relativeError(small, map, found),
  };
}

async function relativeError(operation: Metric, map: IndexMap, found: Measured): Promise<number> {
  await using reference = createReference();
  await using prepared = await reference.prepare(operation);
  const expected = await prepared.run(map, { derivative: true });
  const { derivative: slopes = new Float64Array() } = found;
  const { derivative: wanted = new Float64Array() } = expected;
  const largest = wanted.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  const differences = [...wanted].map((d, i) => Math.abs(d - slopes[i]) / largest);
  const value = Math.abs(found.value - expected.value) / Math.max(1, Math.abs(expected.value));
  return Math.max(value, ...differences);
}
