import type { Distance, FeaturePair } from './distance.js';

/**
 * -Σ_n d_n with d = 2 Σ_c f m / Σ_c (f + m), for one-hot and softmax layers.
 *
 * Nothing is added to the denominator: where it is exactly 0, d is exactly 1 and the derivative exactly 0
 * (two empty outputs agree).
 */
export const dice: Distance = {
  scope: 'sample',
  evaluate({ fixed, moving, samples, channels }: FeaturePair, modulator?: Float64Array): number {
    let sum = 0;
    for (let n = 0; n < samples; n++) {
      const first = n * channels;
      let overlap = 0;
      let total = 0;
      for (let i = first; i < first + channels; i++) {
        overlap += fixed[i] * moving[i];
        total += fixed[i] + moving[i];
      }
      const isEmpty = total === 0;
      sum += isEmpty ? 1 : (2 * overlap) / total;
      if (modulator === undefined) continue;
      for (let i = first; i < first + channels; i++) {
        modulator[i] = isEmpty ? 0 : (-2 * (fixed[i] * total - overlap)) / (total * total);
      }
    }
    return -sum;
  },
};
