import type { Kernel } from './taps.js';

/**
 * The order + 1 uniform B-splines that are not 0 in a cell, by the recursion of Cox and de Boor. With t from 0
 * to 1 across the cell and b_j^p the spline of degree p on the knots j-p to j+1:
 *
 * b_j^p = (t - j + p)/p · b_{j-1}^{p-1} + (j + 1 - t)/p · b_j^{p-1},  d b_j^p / dt = b_{j-1}^{p-1} - b_j^{p-1}
 *
 * Odd orders have their knots on the samples, even orders between them.
 */
export function bsplineKernel(order: number): Kernel {
  const half = order % 2 === 0 ? 0.5 : 0;
  const reach = Math.floor(order / 2);
  return {
    support: order + 1,
    rounds: false,
    fill(x, _n, { index, weight, slope }) {
      const cell = Math.floor(x + half);
      const t = x - cell + half;
      weight[0] = 1;
      for (let p = 1; p <= order; p++) {
        if (p === order) differences(weight, slope, order);
        raiseDegree(weight, p, t);
      }
      for (let j = 0; j <= order; j++) index[j] = cell - reach + j;
    },
  };
}

/** From the p splines of degree p-1 to the p+1 of degree p, in place. */
function raiseDegree(b: Float64Array, p: number, t: number): void {
  for (let j = p; j >= 0; j--) {
    const before = j === 0 ? 0 : ((t - j + p) / p) * b[j - 1];
    const same = j === p ? 0 : ((j + 1 - t) / p) * b[j];
    b[j] = before + same;
  }
}

function differences(b: Float64Array, slope: Float64Array, p: number): void {
  for (let j = 0; j <= p; j++) slope[j] = (j === 0 ? 0 : b[j - 1]) - (j === p ? 0 : b[j]);
}
