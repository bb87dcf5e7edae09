import type { RandomTransform } from '../lazy/transform.js';
import { type FlipParams, flip } from './flip.js';
import { randomly } from './randomly.js';

export type RandFlipParams = FlipParams & {
  /** Default 0.1. */
  readonly prob?: number;
};

/** Reverses the axes, or leaves them. */
export function randFlip(params: RandFlipParams = {}): RandomTransform {
  const { prob = 0.1, spatial_axis = null } = params;
  return randomly('RandFlip', params, prob, () => () => [flip({ spatial_axis })]);
}

export type RandAxisFlipParams = { readonly prob?: number };

/** Reverses one axis, or none. */
export function randAxisFlip(params: RandAxisFlipParams = {}): RandomTransform {
  return randomly('RandAxisFlip', params, params.prob ?? 0.1, (random, viewport) => {
    const spatial_axis = random.below(viewport.extent.length);
    return () => [flip({ spatial_axis })];
  });
}
