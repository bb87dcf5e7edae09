import { alignments } from './alignment.js';
import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/** -Σ_n f·m / (|f| |m|); a sample with a vector of norm 0 adds 0 and still counts. */
export const cosine: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { cosine, perNorms, perSquare } = alignments(pair);
    const sum = cosine.reduce((all, one) => all + one, 0);
    if (modulator === undefined) return -sum;
    const { fixed, moving, samples } = pair;
    const { places, step } = layoutOf(pair);
    for (const first of places) {
      for (let n = 0, i = first; n < samples; n++, i += step) {
        modulator[i] += cosine[n] * perSquare[n] * moving[i] - perNorms[n] * fixed[i];
      }
    }
    return -sum;
  },
};
