import type { FeaturePair } from './distance.js';

/** What the cosine of the angle between two feature vectors is made of. */
export interface Alignment {
  readonly cosine: number;
  /** 1 / (|f| |m|) */
  readonly perNorms: number;
  /** 1 / |m|² */
  readonly perSquare: number;
}

/** A vector of norm 0 has no direction: the cosine is 0, and so is every derivative of it. */
const NO_ALIGNMENT: Alignment = { cosine: 0, perNorms: 0, perSquare: 0 };

/** The cosine between the features of the sample that starts at `first`. */
export function alignment(pair: FeaturePair, first: number): Alignment {
  const { fixed, moving, channels } = pair;
  let product = 0;
  let fixedSquare = 0;
  let movingSquare = 0;
  for (let i = first; i < first + channels; i++) {
    product += fixed[i] * moving[i];
    fixedSquare += fixed[i] * fixed[i];
    movingSquare += moving[i] * moving[i];
  }
  if (fixedSquare === 0 || movingSquare === 0) return NO_ALIGNMENT;
  const perNorms = 1 / (Math.sqrt(fixedSquare) * Math.sqrt(movingSquare));
  return { cosine: product * perNorms, perNorms, perSquare: 1 / movingSquare };
}
