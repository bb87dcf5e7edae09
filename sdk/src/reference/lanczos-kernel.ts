import type { Kernel } from './taps.js';

const RADIUS = 3;

/**
 * sinc(s) · sinc(s/3), sinc(s) = sin(πs)/(πs), divided by the sum of the 6 weights, so that a constant stays
 * one. C. E. Duchon, J. Appl. Meteor. 18, 1979.
 */
export const lanczosKernel: Kernel = {
  support: 2 * RADIUS,
  rounds: false,
  fill(x, _n, { index, weight, slope }) {
    const cell = Math.floor(x);
    let sum = 0;
    let sumSlope = 0;
    for (let k = 0; k < 2 * RADIUS; k++) {
      index[k] = cell - RADIUS + 1 + k;
      const s = x - index[k];
      weight[k] = sinc(s) * sinc(s / RADIUS);
      slope[k] = sincSlope(s) * sinc(s / RADIUS) + (sinc(s) * sincSlope(s / RADIUS)) / RADIUS;
      sum += weight[k];
      sumSlope += slope[k];
    }
    for (let k = 0; k < 2 * RADIUS; k++) {
      weight[k] /= sum;
      slope[k] = (slope[k] - weight[k] * sumSlope) / sum;
    }
  },
};

/** Exactly 0 at whole numbers, where the sine of a multiple of π is not. */
function sinc(s: number): number {
  if (s === 0) return 1;
  return Number.isInteger(s) ? 0 : Math.sin(Math.PI * s) / (Math.PI * s);
}

/** Below this, cos(πs) - sinc(s) cancels; its series -π²s/3 is then right to (πs)²/10, 1e-9. */
const SMALL = 3e-5;

function sincSlope(s: number): number {
  if (Math.abs(s) < SMALL) return (-Math.PI * Math.PI * s) / 3;
  return (Math.cos(Math.PI * s) - sinc(s)) / s;
}
