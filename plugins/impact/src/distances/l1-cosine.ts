import { type Alignments, alignments } from './alignment.js';
import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/** λ of `exp(-λ |f - m|)`, as published with IMPACT. */
const DECAY = 0.1;

/** -Σ_n cos_n · mean_c exp(-λ |f - m|); a sample with a vector of norm 0 adds 0 and still counts. */
export const l1Cosine: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { fixed, moving, samples, channels } = pair;
    const { places, step } = layoutOf(pair);
    const aligned = alignments(pair);
    const near = new Float64Array(samples * channels);
    const mean = new Float64Array(samples);
    for (const [c, first] of places.entries()) {
      for (let n = 0, i = first; n < samples; n++, i += step) {
        const nearness = Math.exp(-DECAY * Math.abs(fixed[i] - moving[i]));
        near[c * samples + n] = nearness;
        mean[n] += nearness / channels;
      }
    }
    if (modulator !== undefined) addDerivative(pair, aligned, { near, mean }, modulator);
    return -mean.reduce((sum, nearness, n) => sum + aligned.cosine[n] * nearness, 0);
  },
};

/** exp(-λ |f - m|) channel by channel, and the mean over channels. */
interface Nearness {
  readonly near: Float64Array;
  readonly mean: Float64Array;
}

/** Product rule: the cosine's derivative times the mean nearness, and the cosine times the nearness' own. */
function addDerivative(
  pair: FeaturePair,
  { cosine, perNorms, perSquare }: Alignments,
  { near, mean }: Nearness,
  modulator: Float64Array,
): void {
  const { fixed, moving, samples, channels } = pair;
  const { places, step } = layoutOf(pair);
  for (const [c, first] of places.entries()) {
    for (let n = 0, i = first; n < samples; n++, i += step) {
      const turn = perNorms[n] * fixed[i] - cosine[n] * perSquare[n] * moving[i];
      const approach = DECAY * Math.sign(fixed[i] - moving[i]) * near[c * samples + n];
      modulator[i] -= turn * mean[n] + (cosine[n] * approach) / channels;
    }
  }
}
