import { type Metric, type MetricRun, outputIndices } from '@voxhost/sdk';
import { insideTest } from './masks.js';

/** Fixed indices of a run's samples that lie inside the fixed mask; without points, every voxel. */
export function fixedPoints({ fixed, fixedMask }: Metric, run: MetricRun): Float64Array {
  const { size } = fixed.grid;
  const dims = size.length;
  const all = outputIndices(run.points === undefined ? { size } : { points: run.points }, dims);
  if (fixedMask === undefined) return all;
  const isInside = insideTest(size, fixedMask);
  const kept = new Float64Array(all.length);
  let count = 0;
  for (let at = 0; at < all.length; at += dims) {
    if (!isInside(all, at)) continue;
    kept.set(all.subarray(at, at + dims), count);
    count += dims;
  }
  return kept.slice(0, count);
}
