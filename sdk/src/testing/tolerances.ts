import type { Numerics } from '../capabilities.js';
import type { Image } from '../image.js';
import type { Resample } from '../operation.js';
import { expect } from './expect.js';

/**
 * The loosest figure a block may state, relative to the largest value: float32 sums of the 216 taps of a
 * quintic spline lose 216 · 6e-8 = 1.3e-5 of their largest term, which the prefilter makes up to 50 times
 * the image's.
 */
export const LOOSEST_RELATIVE = 1e-3;

/**
 * What slopes add to an error of the samples: the absolute slopes of a kernel sum to at most 4 (linear 2,
 * keys-0.75 2.7, lanczos3 3.5).
 */
export const SLOPE_FACTOR = 4;

/**
 * How far a backend's position may be off where a value jumps: float32 fractions after a float64 map, 6e-8, and
 * as much again for weights that vote; both sides of a jump so near are right.
 */
export const JUMP_MARGIN = 1e-6;

/** Step of central differences, in voxels: their error is STEP² · |f'''|/6, below 1e-7 of the range. */
export const DIFFERENCE_STEP = 1e-4;

/** ulp of float32 at 1. */
const FLOAT32_ULP = 2 ** -23;

/** The largest absolute value among the source and the fill value, or 1 when all are 0 or not finite. */
export function scaleOf(source: Image, fill: number): number {
  let largest = Number.isFinite(fill) ? Math.abs(fill) : 0;
  for (const value of source.data) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  return largest === 0 ? 1 : largest;
}

/** Interpolators that choose a sample; what they give is exact whatever the block states. */
export const chooses = ({ interpolator }: Pick<Resample, 'interpolator'>): boolean =>
  interpolator === 'nearest' || interpolator === 'nearest-even' || interpolator === 'label-linear';

/**
 * What the chain to the map adds to the error of a metric's value: slopes (4), and the cancelling of samples that
 * pull both ways, relative to the largest derivative.
 */
export const DERIVATIVE_FACTOR = 20;

/** How far a value before rounding may be from the reference's. */
export function toleranceOf(numerics: Numerics, operation: Resample, fill: number): number {
  if (chooses(operation) && !operation.gradient) return 0;
  const { absolute, relative } = statedTolerance(numerics);
  return absolute + relative * scaleOf(operation.source, fill);
}

/** What a block states, checked; 0 for one that is exact. `maxUlp` counts float32's. */
export function statedTolerance(numerics: Numerics): { absolute: number; relative: number } {
  if (numerics.class === 'exact') return { absolute: 0, relative: 0 };
  const { maxAbs = 0, maxRel = 0, maxUlp = 0 } = numerics;
  const relative = maxRel + maxUlp * FLOAT32_ULP;
  expect(maxAbs > 0 || relative > 0, 'the numerics are a tolerance, and state none');
  expect(relative <= LOOSEST_RELATIVE, `the numerics state ${relative}, over ${LOOSEST_RELATIVE}`);
  return { absolute: maxAbs, relative };
}
