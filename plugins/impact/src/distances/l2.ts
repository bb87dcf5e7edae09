import type { Distance, FeaturePair } from './distance.js';

/** Σ_n mean_c (f - m)². */
export const l2: Distance = {
  scope: 'sample',
  evaluate({ fixed, moving, channels }: FeaturePair, modulator?: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < moving.length; i++) {
      const difference = fixed[i] - moving[i];
      sum += difference * difference;
      if (modulator !== undefined) modulator[i] = (-2 * difference) / channels;
    }
    return sum / channels;
  },
};
