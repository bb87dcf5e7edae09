import { voxelCount } from '../../grid.js';
import type { Image } from '../../image.js';

/** Smallest and largest finite value of a channel within a mask; infinite when there is none. */
export function valueRange(
  image: Image,
  channel: number,
  mask: Image | undefined,
): readonly [min: number, max: number] {
  const voxels = voxelCount(image.grid.size);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < voxels; i++) {
    const value = image.data[channel * voxels + i];
    if (!Number.isFinite(value) || mask?.data[i] === 0) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}
