import type { Pixels } from '@voxhost/sdk';
import type { Box } from './box.js';

/** The values of a box of every plane, x fastest, in pieces as long as they are neighbours in `data`. */
export function* boxRows<T extends Pixels>(
  data: T,
  [nx, ny, nz]: readonly number[],
  planes: number,
  [x, y, z]: Box,
): Generator<Pixels> {
  const rows = x.count === nx ? y.count : 1;
  const slices = rows === ny ? z.count : 1;
  const length = x.count * rows * slices;
  for (let plane = 0; plane < planes; plane++) {
    for (let k = z.first; k < z.first + z.count; k += slices) {
      for (let j = y.first; j < y.first + y.count; j += rows) {
        const at = ((plane * nz + k) * ny + j) * nx + x.first;
        yield data.subarray(at, at + length);
      }
    }
  }
}
