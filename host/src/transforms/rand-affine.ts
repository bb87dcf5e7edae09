import type { AffineMap } from '@voxhost/sdk';
import type { RandomStream } from '../lazy/random-stream.js';
import type { RandomTransform } from '../lazy/transform.js';
import { type AffineParts, affine, affineGrid } from './affine.js';
import type { SamplingParams } from './define.js';
import { modesOf, type Range, randomly, randomlyByVoxels, withinEach } from './randomly.js';

/** Ranges of the parts of an affine, as MONAI writes them. */
export type AffineRanges = {
  /** Radians. */
  readonly rotate_range?: Range | readonly Range[] | null;
  readonly shear_range?: Range | readonly Range[] | null;
  /** Voxels. */
  readonly translate_range?: Range | readonly Range[] | null;
  /** Added to 1. */
  readonly scale_range?: Range | readonly Range[] | null;
};

export type RandAffineParams = SamplingParams &
  AffineRanges & {
    readonly prob?: number;
    readonly spatial_size?: number | readonly number[] | null;
  };

/** An affine of drawn parts, or none: then only a size that is asked for is taken, about the middle. */
export function randAffine(params: RandAffineParams = {}): RandomTransform {
  const { prob = 0.1, spatial_size = -1 } = params;
  const make = params.translate_range == null ? randomly : randomlyByVoxels;
  return make('RandAffine', params, 1, (random) => {
    const parts = random.uniform(0, 1) < prob ? drawParts(random, params) : undefined;
    if (parts === undefined && keepsSize(spatial_size)) return () => [];
    return (modes) => [affine({ ...modesOf(modes, params), ...parts, spatial_size })];
  });
}

/**
 * MONAI's RandAffineGrid with its `lazy`: the matrix of parts drawn from the stream, and no grid; always
 * drawn, as there is no `prob`. The same seed gives the same matrices one after another. `input` and `output`
 * are sizes as in `affineGrid`. Throws `BAD_ARGUMENT`.
 */
export function randAffineGrid(
  random: RandomStream,
  ranges: AffineRanges,
  input: readonly number[],
  output: readonly number[] = input,
): AffineMap {
  return affineGrid(drawParts(random, ranges), input, output);
}

/** One value of every range. */
export const drawParts = (random: RandomStream, ranges: AffineRanges): AffineParts => ({
  rotate_params: withinEach(random, ranges.rotate_range),
  shear_params: withinEach(random, ranges.shear_range),
  translate_params: withinEach(random, ranges.translate_range),
  scale_params: withinEach(random, ranges.scale_range).map((s) => 1 + s),
});

const keepsSize = (size: number | readonly number[] | null): boolean =>
  size === null || (typeof size === 'number' ? size <= 0 : size.every((s) => s <= 0));
