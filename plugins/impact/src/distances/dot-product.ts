import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/** -Σ_n f·m. */
export const dotProduct: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { fixed, moving, samples } = pair;
    const { places, step } = layoutOf(pair);
    let sum = 0;
    for (const first of places) {
      for (let i = first; i < first + samples * step; i += step) {
        sum += fixed[i] * moving[i];
        if (modulator !== undefined) modulator[i] -= fixed[i];
      }
    }
    return -sum;
  },
};
