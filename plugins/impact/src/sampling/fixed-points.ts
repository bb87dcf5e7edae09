import { type Metric, type MetricRun, outputIndices } from '@voxhost/sdk';
import { insideTest } from './masks.js';

/** Samples of a run, by their numbers in it and their fixed indices (x y z). */
export interface FixedPoints {
  readonly count: number;
  /** Undefined: all of the run's. */
  readonly numbers: Int32Array | undefined;
  readonly points: Float64Array;
}

/** A run's samples that lie inside the fixed mask; without points, every voxel. */
export function fixedPoints({ fixed, fixedMask }: Metric, run: MetricRun): FixedPoints {
  const { size } = fixed.grid;
  const dims = size.length;
  const all = outputIndices(run.points === undefined ? { size } : { points: run.points }, dims);
  const count = all.length / dims;
  if (fixedMask === undefined) return { count, numbers: undefined, points: all };
  const isInside = insideTest(size, fixedMask);
  const kept = new Float64Array(all.length);
  const numbers = new Int32Array(count);
  let inside = 0;
  for (let n = 0; n < count; n++) {
    if (!isInside(all, n * dims)) continue;
    kept.set(all.subarray(n * dims, (n + 1) * dims), inside * dims);
    numbers[inside++] = n;
  }
  const points = kept.slice(0, inside * dims);
  return { count: inside, numbers: numbers.slice(0, inside), points };
}
