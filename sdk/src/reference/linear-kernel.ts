import type { Kernel } from './taps.js';

/**
 * 1 - |s|. Its slope jumps at the samples: it is that of the cell floor(x), but the last cell is closed, so
 * that a gradient at the last sample sees the image and not what is beyond.
 */
export const linearKernel: Kernel = {
  support: 2,
  rounds: false,
  fill(x, n, { index, weight, slope }) {
    const cell = x === n - 1 && n > 1 ? n - 2 : Math.floor(x);
    index[0] = cell;
    index[1] = cell + 1;
    weight[0] = 1 - (x - cell);
    weight[1] = x - cell;
    slope[0] = -1;
    slope[1] = 1;
  },
};
