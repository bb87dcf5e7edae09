import { type Image, type IndexMap, mapShape, type Pixels, type Resample } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createHost, type Host } from 'voxhost';
import type { Workload } from './workload.js';

/** One line of output. */
export interface Measurement {
  readonly name: string;
  /** `host` where the host copied. */
  readonly backend: string;
  readonly n: number;
  readonly threads: number;
  /** Median. */
  readonly ms: number;
  readonly minMs: number;
  readonly nsPerVoxel: number;
  /** Median of the processor time of all threads: what counts where others keep the machine busy. */
  readonly cpuMs: number;
  readonly runs: number;
  /**
   * Largest difference from the float64 reference over a sample of voxels of the last run; of a metric, relative, of its
   * value and derivative on a volume that the reference can do.
   */
  readonly maxError: number;
}

export interface BenchSettings {
  readonly n: number;
  readonly threads: number;
}

const LEAST_RUNS = 5;
const MOST_RUNS = 100;
/** Milliseconds of runs, once there are enough of them. */
const ENOUGH_MS = 500;
/** Voxels that are compared with the reference: a prime apart, so they meet every phase of the grid. */
const COMPARED = 4000;

/** As ITK's resampler. */
const BOUNDARY = { kind: 'buffer', value: 0 } as const;

/**
 * Times a workload through the host: prepare, run and dispose, so that every copy counts, in a warm host, into an
 * output that the caller owns and hands in again.
 */
export async function measure(
  workload: Workload,
  source: Image,
  { n, threads }: BenchSettings,
): Promise<Measurement> {
  await using host = await createHost({ threads, backends: ['cpu'] });
  const into = new Float32Array(n ** 3);
  const times: Elapsed[] = [];
  let total = 0;
  let last = await runOnce(host, workload, source, into);
  while (times.length < LEAST_RUNS || (total < ENOUGH_MS && times.length < MOST_RUNS)) {
    last = await runOnce(host, workload, source, into);
    times.push(last);
    total += last.ms;
  }
  return {
    name: workload.name,
    backend: last.backend,
    n,
    threads,
    ...timesOf(times, n),
    maxError: await maxError(workload, source, last.map, last.data),
  };
}

interface Run extends Elapsed {
  readonly backend: string;
  readonly map: IndexMap;
  readonly data: Pixels;
}

async function runOnce(
  host: Host,
  workload: Workload,
  source: Image,
  into: Float32Array,
): Promise<Run> {
  const map = workload.map(source.grid.size[0]);
  if (isReordering(map)) return await runCopy(host, source, map, into);
  const operation = operationOf(workload, source, map);
  const clock = startClock();
  const prepared = await host.prepare(operation);
  const { data, provenance } = await prepared.run(map, {
    samples: { size: source.grid.size },
    into,
  });
  await prepared[Symbol.asyncDispose]();
  return { ...clock(), backend: provenance.backend, map, data };
}

async function runCopy(host: Host, source: Image, map: IndexMap, into: Float32Array): Promise<Run> {
  const clock = startClock();
  const { image, provenance } = await host.resample(source, {
    map,
    size: source.grid.size,
    boundary: BOUNDARY,
    into,
  });
  return { ...clock(), backend: provenance.backend, map, data: image.data };
}

/** Each input axis is one output axis, forwards or backwards: the host may copy. */
const isReordering = (map: IndexMap): boolean =>
  map.kind === 'affine' &&
  map.matrix.every((value, i) => i % 4 === 3 || value === 0 || Math.abs(value) === 1);

const operationOf = (workload: Workload, source: Image, map: IndexMap): Resample => ({
  kind: 'resample',
  source,
  interpolator: workload.interpolator,
  boundary: workload.boundary ?? BOUNDARY,
  pixelType: 'float32',
  gradient: false,
  demand: { maps: [mapShape(map)], samples: 'grid', perRun: source.data.length, runs: 1 },
});

async function maxError(
  workload: Workload,
  source: Image,
  map: IndexMap,
  data: Pixels,
): Promise<number> {
  const n = source.grid.size[0];
  const step = Math.max(1, Math.floor(data.length / COMPARED)) | 1;
  const voxels = Array.from({ length: Math.ceil(data.length / step) }, (_, i) => i * step);
  const points = Float64Array.from(
    voxels.flatMap((at) => [at % n, Math.floor(at / n) % n, Math.floor(at / n / n)]),
  );
  await using reference = createReference();
  const operation = operationOf(workload, source, map);
  await using prepared = await reference.prepare({ ...operation, pixelType: 'float64' as const });
  const { data: expected } = await prepared.run(map, { samples: { points } });
  return voxels.reduce((most, at, i) => Math.max(most, Math.abs(data[at] - expected[i])), 0);
}

/** How long something took, in milliseconds. */
export interface Elapsed {
  readonly ms: number;
  /** Of all threads. */
  readonly cpuMs: number;
}

/** Elapsed time and processor time since the start. */
export function startClock(): () => Elapsed {
  const since = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - since, cpuMs: (user + system) / 1000 };
  };
}

/** What a measurement says of the times of its runs over a volume of n^3. */
export function timesOf(
  times: readonly Elapsed[],
  n: number,
): Pick<Measurement, 'ms' | 'minMs' | 'nsPerVoxel' | 'cpuMs' | 'runs'> {
  const elapsed = times.map(({ ms }) => ms);
  const ms = median(elapsed);
  return {
    ms: rounded(ms),
    minMs: rounded(Math.min(...elapsed)),
    nsPerVoxel: rounded((ms * 1e6) / n ** 3),
    cpuMs: rounded(median(times.map(({ cpuMs }) => cpuMs))),
    runs: times.length,
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
