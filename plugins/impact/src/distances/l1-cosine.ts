import { alignment } from './alignment.js';
import type { Distance, FeaturePair } from './distance.js';

/** λ of `exp(-λ |f - m|)`, as published with IMPACT. */
const DECAY = 0.1;

/** -Σ_n cos_n · mean_c exp(-λ |f - m|); a sample with a vector of norm 0 adds 0 and still counts. */
export const l1Cosine: Distance = {
  scope: 'sample',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    let sum = 0;
    for (let n = 0; n < pair.samples; n++) sum += sampleLoss(pair, n * pair.channels, modulator);
    return -sum;
  },
};

/** Product rule: the cosine's derivative times the mean nearness, and the cosine times the nearness' own. */
function sampleLoss(pair: FeaturePair, first: number, modulator?: Float64Array): number {
  const { fixed, moving, channels } = pair;
  const a = alignment(pair, first);
  let nearness = 0;
  for (let i = first; i < first + channels; i++) nearness += near(fixed[i] - moving[i]);
  if (modulator !== undefined) {
    for (let i = first; i < first + channels; i++) {
      const difference = fixed[i] - moving[i];
      const turn = a.perNorms * fixed[i] - a.cosine * a.perSquare * moving[i];
      const approach = a.cosine * DECAY * Math.sign(difference) * near(difference);
      modulator[i] = -(turn * nearness + approach) / channels;
    }
  }
  return (a.cosine * nearness) / channels;
}

const near = (difference: number): number => Math.exp(-DECAY * Math.abs(difference));
