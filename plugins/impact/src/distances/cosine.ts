import { alignment } from './alignment.js';
import type { Distance, FeaturePair } from './distance.js';

/** -Σ_n f·m / (|f| |m|); a sample with a vector of norm 0 adds 0 and still counts. */
export const cosine: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { fixed, moving, samples, channels } = pair;
    let sum = 0;
    for (let n = 0; n < samples; n++) {
      const first = n * channels;
      const a = alignment(pair, first);
      sum += a.cosine;
      if (modulator === undefined) continue;
      for (let i = first; i < first + channels; i++) {
        modulator[i] = a.cosine * a.perSquare * moving[i] - a.perNorms * fixed[i];
      }
    }
    return -sum;
  },
};
