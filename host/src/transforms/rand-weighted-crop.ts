import { type Image, voxelCount } from '@voxhost/sdk';
import type { RandomStream } from '../lazy/random-stream.js';
import type { SamplingTransform } from '../lazy/transform.js';
import { type CentredCropParams, centredCrops } from './crop-samples.js';

export type RandWeightedCropParams = CentredCropParams;

/** Crops about voxels drawn by the weight of an entry's first channel; all alike where it is nowhere positive. */
export function randWeightedCrop(
  params: RandWeightedCropParams,
  sources: readonly string[] = ['weight'],
): SamplingTransform {
  return centredCrops('RandWeightedCrop', params, sources, ([weight], kept) => {
    const sums = runningSums(weight, kept);
    const total = sums[sums.length - 1];
    if (!(total > 0)) return (random: RandomStream) => random.below(sums.length);
    return (random: RandomStream) => firstAbove(sums, random.uniform(0, total));
  });
}

/** Sums of the weights so far; only centres whose crop lies inside weigh. */
function runningSums(weight: Image, kept: readonly number[]): Float64Array {
  const { size } = weight.grid;
  const [nx, ny] = size;
  const sums = new Float64Array(voxelCount(size));
  let sum = 0;
  for (let at = 0; at < sums.length; at++) {
    const index = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    const fits = kept.every((k, a) => {
      const start = index[a] - Math.floor(k / 2);
      return start >= 0 && start + k <= size[a];
    });
    if (fits) sum += Math.max(weight.data[at], 0);
    sums[at] = sum;
  }
  return sums;
}

/** First place whose running sum is above `value`. */
function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
