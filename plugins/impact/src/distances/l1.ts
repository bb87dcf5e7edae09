import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/** Σ_n mean_c |f - m|; at a kink the derivative is 0. */
export const l1: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { fixed, moving, samples, channels } = pair;
    const { places, step } = layoutOf(pair);
    const scale = 1 / channels;
    let sum = 0;
    for (const first of places) {
      for (let i = first; i < first + samples * step; i += step) {
        const difference = fixed[i] - moving[i];
        sum += Math.abs(difference);
        if (modulator !== undefined) modulator[i] -= scale * Math.sign(difference);
      }
    }
    return sum / channels;
  },
};
