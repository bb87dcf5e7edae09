import type { Grid, Image, Pixels, PixelType } from '@voxhost/sdk';
import { createImage, toPixelValue, voxelCount } from '@voxhost/sdk';
import { allocateOutput } from './execute-sampling.js';

/**
 * torch's `area`: voxel j is the mean of the source's floor(j · n / m) up to ceil((j + 1) · n / m), on each
 * axis. Accumulates in float64, rounds once.
 */
export function averageImage(
  source: Image,
  output: Grid,
  pixelType: PixelType = source.pixelType,
): Image {
  const { channels } = source;
  let data: ArrayLike<number> = source.data;
  let size = source.grid.size;
  for (const [axis, m] of output.size.entries()) {
    data = averageAxis(data, [...size, channels], axis, m);
    size = size.map((n, a) => (a === axis ? m : n));
  }
  const into: Pixels = allocateOutput(pixelType, channels, output.size);
  for (let i = 0; i < into.length; i++) into[i] = toPixelValue(data[i], pixelType);
  return createImage(output, into, channels);
}

function averageAxis(
  data: ArrayLike<number>,
  size: readonly number[],
  axis: number,
  m: number,
): Float64Array {
  const n = size[axis];
  const stride = voxelCount(size.slice(0, axis));
  const blocks = voxelCount(size.slice(axis + 1));
  const out = new Float64Array(stride * m * blocks);
  for (let block = 0; block < blocks; block++) {
    for (let j = 0; j < m; j++) {
      const first = Math.floor((j * n) / m);
      const last = Math.ceil(((j + 1) * n) / m);
      const to = (block * m + j) * stride;
      for (let i = first; i < last; i++) {
        const from = (block * n + i) * stride;
        for (let s = 0; s < stride; s++) out[to + s] += data[from + s] / (last - first);
      }
    }
  }
  return out;
}
