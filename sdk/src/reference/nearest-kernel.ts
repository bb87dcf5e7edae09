import { roundHalfEven } from '../pixel-type.js';
import type { Kernel } from './taps.js';

/** One tap of weight 1, so the derivative is 0. */
const roundingKernel = (round: (x: number) => number): Kernel => ({
  support: 1,
  rounds: true,
  fill(x, _n, { index, weight }) {
    index[0] = round(x);
    weight[0] = 1;
  },
});

/** Ties go up: SciPy's order 0, ITK. */
export const nearestKernel: Kernel = roundingKernel((x) => Math.floor(x + 0.5));

/** Ties go to the even index: torch's `grid_sample`, ONNX GridSample. */
export const nearestEvenKernel: Kernel = roundingKernel(roundHalfEven);
