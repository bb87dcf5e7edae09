import { type Interpolator, mapShape, type PixelType, type Resample } from '@voxhost/sdk';
import { createHost, type Host } from 'voxhost';
import { noisyWaves } from './volume.js';
import { rotation, WORKLOADS } from './workloads.js';

/** From an abort to the rejection of a run that was far from done. */
export interface AbortLatency {
  readonly interpolator: Interpolator;
  readonly map: string;
  readonly pixelType: PixelType;
  readonly gradient: boolean;
  readonly threads: number;
  readonly medianMs: number;
  readonly mostMs: number;
  readonly aborts: number;
  /** Has the same run the same values before and after? */
  readonly usable: boolean;
}

const N = 128;
const ABORTS = 12;

/** Cheap and dear: the dearest kernel of all has six taps per axis, derivatives, and arithmetic in float64. */
const CASES = [
  { interpolator: 'linear', map: 'affine-linear', pixelType: 'float32', gradient: false },
  { interpolator: 'linear', map: 'field-linear', pixelType: 'float32', gradient: false },
  { interpolator: 'bspline3', map: 'affine-linear', pixelType: 'float32', gradient: false },
  { interpolator: 'bspline5', map: 'ffd-linear', pixelType: 'float64', gradient: true },
  { interpolator: 'label-linear', map: 'affine-linear', pixelType: 'float32', gradient: false },
] as const;

type Case = (typeof CASES)[number];

async function measureAborts(host: Host, one: Case, threads: number): Promise<AbortLatency> {
  const { interpolator, pixelType, gradient } = one;
  const source = noisyWaves(N);
  const map = WORKLOADS.find(({ name }) => name === one.map)?.map(N) ?? rotation(N, 0.1);
  const operation: Resample = {
    kind: 'resample',
    source,
    interpolator,
    boundary: { kind: 'mirror' },
    pixelType,
    gradient,
    demand: { maps: [mapShape(map)], samples: 'grid', perRun: 16 * N ** 3, runs: ABORTS },
  };
  await using prepared = await host.prepare(operation);
  const small = async () => (await prepared.run(map, { samples: { size: [N, 8, 8] } })).data;
  const before = await small();
  const latencies: number[] = [];
  for (let n = 0; n < ABORTS; n++) {
    const abort = new AbortController();
    const size = [N, N, 16 * N];
    const run = prepared.run(map, { samples: { size }, signal: abort.signal });
    const ended = run.then(
      () => Number.NaN,
      () => performance.now(),
    );
    await new Promise((resolve) => setTimeout(resolve, 20 + 7 * n));
    const asked = performance.now();
    abort.abort();
    latencies.push((await ended) - asked);
  }
  const after = await small();
  const sorted = latencies.sort((a, b) => a - b);
  return {
    ...one,
    threads,
    medianMs: rounded(sorted[ABORTS / 2]),
    mostMs: rounded(sorted[ABORTS - 1]),
    aborts: ABORTS,
    usable: after.every((value, i) => value === before[i]),
  };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

for (const threads of [1, 2]) {
  await using host = await createHost({ threads, backends: ['cpu'] });
  for (const one of CASES) console.log(JSON.stringify(await measureAborts(host, one, threads)));
}
