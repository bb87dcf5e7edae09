import type { Kernel } from './taps.js';

/**
 * Cubic convolution. R. G. Keys, IEEE Trans. ASSP 29(6), 1981:
 * (a+2)|s|³ - (a+3)s² + 1 for |s| ≤ 1, a(|s|³ - 5s² + 8|s| - 4) for |s| < 2.
 *
 * @param a - slope at |s| = 1: -0.5 reproduces quadratics (Catmull-Rom), -0.75 is torch's and ONNX's
 */
export const keysKernel = (a: number): Kernel => ({
  support: 4,
  rounds: false,
  fill(x, _n, { index, weight, slope }) {
    const cell = Math.floor(x);
    for (let k = 0; k < 4; k++) {
      index[k] = cell - 1 + k;
      const s = x - index[k];
      const r = Math.abs(s);
      weight[k] = r <= 1 ? ((a + 2) * r - (a + 3)) * r * r + 1 : a * (((r - 5) * r + 8) * r - 4);
      const byRadius = r <= 1 ? (3 * (a + 2) * r - 2 * (a + 3)) * r : a * ((3 * r - 10) * r + 8);
      slope[k] = Math.sign(s) * byRadius;
    }
  },
});
