import type { Distance, FeaturePair } from './distance.js';

/** -Σ_n f·m. */
export const dotProduct: Distance = {
  scope: 'sample',
  evaluate({ fixed, moving }: FeaturePair, modulator?: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < moving.length; i++) {
      sum += fixed[i] * moving[i];
      if (modulator !== undefined) modulator[i] = -fixed[i];
    }
    return -sum;
  },
};
