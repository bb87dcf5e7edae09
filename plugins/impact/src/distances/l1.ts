import type { Distance, FeaturePair } from './distance.js';

/** Σ_n mean_c |f - m|; at a kink the derivative is 0. */
export const l1: Distance = {
  scope: 'sample',
  evaluate({ fixed, moving, channels }: FeaturePair, modulator?: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < moving.length; i++) {
      const difference = fixed[i] - moving[i];
      sum += Math.abs(difference);
      if (modulator !== undefined) modulator[i] = -Math.sign(difference) / channels;
    }
    return sum / channels;
  },
};
