import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/**
 * -Σ_n d_n with d = 2 Σ_c f m / Σ_c (f + m), for one-hot and softmax layers.
 *
 * Nothing is added to the denominator: where it is exactly 0, d is exactly 1 and the derivative exactly 0
 * (two empty outputs agree).
 */
export const dice: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { fixed, moving, samples } = pair;
    const { places, step } = layoutOf(pair);
    const overlap = new Float64Array(samples);
    const total = new Float64Array(samples);
    for (const first of places) {
      for (let n = 0, i = first; n < samples; n++, i += step) {
        overlap[n] += fixed[i] * moving[i];
        total[n] += fixed[i] + moving[i];
      }
    }
    let sum = 0;
    for (let n = 0; n < samples; n++) sum += total[n] === 0 ? 1 : (2 * overlap[n]) / total[n];
    if (modulator === undefined) return -sum;
    const scale = total.map((all) => (all === 0 ? 0 : -2 / (all * all)));
    for (const first of places) {
      for (let n = 0, i = first; n < samples; n++, i += step) {
        modulator[i] += scale[n] * (fixed[i] * total[n] - overlap[n]);
      }
    }
    return -sum;
  },
};
