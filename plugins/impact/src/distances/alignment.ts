import { type FeaturePair, layoutOf } from './distance.js';

/** What the cosine of the angle between two feature vectors is made of, per sample. */
export interface Alignments {
  readonly cosine: Float64Array;
  /** 1 / (|f| |m|) */
  readonly perNorms: Float64Array;
  /** 1 / |m|² */
  readonly perSquare: Float64Array;
}

/**
 * The cosines between the features of all samples, channel by channel: they may lie far apart. A vector of norm 0 has no
 * direction: its cosine is 0, and so is every derivative of it.
 */
export function alignments(pair: FeaturePair): Alignments {
  const { fixed, moving, samples } = pair;
  const { places, step } = layoutOf(pair);
  const cosine = new Float64Array(samples);
  const perNorms = new Float64Array(samples);
  const perSquare = new Float64Array(samples);
  for (const first of places) {
    for (let n = 0, i = first; n < samples; n++, i += step) {
      const f = fixed[i];
      const m = moving[i];
      cosine[n] += f * m;
      perNorms[n] += f * f;
      perSquare[n] += m * m;
    }
  }
  for (let n = 0; n < samples; n++) {
    const hasNone = perNorms[n] === 0 || perSquare[n] === 0;
    perNorms[n] = hasNone ? 0 : 1 / (Math.sqrt(perNorms[n]) * Math.sqrt(perSquare[n]));
    perSquare[n] = hasNone ? 0 : 1 / perSquare[n];
    cosine[n] *= perNorms[n];
  }
  return { cosine, perNorms, perSquare };
}
