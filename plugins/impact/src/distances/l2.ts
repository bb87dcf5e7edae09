import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/** Σ_n mean_c (f - m)². */
export const l2: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { fixed, moving, samples, channels } = pair;
    const { places, step } = layoutOf(pair);
    const scale = 2 / channels;
    let sum = 0;
    for (const first of places) {
      for (let i = first; i < first + samples * step; i += step) {
        const difference = fixed[i] - moving[i];
        sum += difference * difference;
        if (modulator !== undefined) modulator[i] -= scale * difference;
      }
    }
    return sum / channels;
  },
};
