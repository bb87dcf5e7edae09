import {
  createImage,
  type Grid,
  type Image,
  type Pixels,
  type PixelType,
  toPixelValue,
  voxelCount,
} from '@voxhost/sdk';
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
  const into = allocateOutput(pixelType, channels, output.size);
  let data: ArrayLike<number> = source.data;
  let size = source.grid.size;
  for (const [axis, m] of output.size.entries()) {
    const after = size.map((n, a) => (a === axis ? m : n));
    const out = allocateOutput('float64', channels, after);
    averageAxis(data, [...size, channels], axis, out);
    [data, size] = [out, after];
  }
  for (let i = 0; i < into.length; i++) into[i] = toPixelValue(data[i], pixelType);
  return createImage(output, into, channels);
}

function averageAxis(
  data: ArrayLike<number>,
  size: readonly number[],
  axis: number,
  out: Pixels,
): void {
  const n = size[axis];
  const stride = voxelCount(size.slice(0, axis));
  const blocks = voxelCount(size.slice(axis + 1));
  const m = out.length / (stride * blocks);
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
}
