import { type Boundary, fillValue } from '../boundary.js';
import type { Image } from '../image.js';
import { type Interpolator, splineOrder } from '../interpolator.js';
import type { Pixels } from '../pixel-type.js';
import type { Breathe } from '../runs/breather.js';
import { splineCoefficients } from './coefficients.js';
import { type Extension, extensionOf } from './fold.js';
import { KERNELS } from './kernel.js';
import { type Place, placeFor } from './place.js';
import type { Kernel } from './taps.js';

/** What an interpolant weighs: an image's samples or its B-spline coefficients, and how they go on beyond. */
export interface SampleLattice {
  readonly data: Pixels;
  /** Per axis, x first, with the margin. */
  readonly size: readonly number[];
  /** Samples before the image's first; 0 except for B-splines that padded. */
  readonly margin: number;
  /** The image's own size. */
  readonly imageSize: readonly number[];
  readonly kernel: Kernel;
  readonly place: Place;
  readonly extension: Extension;
  readonly fill: number;
}

/** Prefilters for a B-spline; every other interpolator weighs the image itself, which is not copied. */
export async function sampleLattice(
  image: Image,
  interpolator: Interpolator,
  boundary: Boundary,
  breathe: Breathe,
): Promise<SampleLattice> {
  const order = splineOrder(interpolator);
  const kernel = KERNELS[interpolator];
  const imageSize = image.grid.size;
  const rules = {
    imageSize,
    kernel,
    place: placeFor(boundary.kind, kernel.rounds),
    extension: extensionOf(boundary.kind, order !== undefined),
    fill: fillValue(boundary),
  };
  if (order === undefined) return { ...rules, data: image.data, size: imageSize, margin: 0 };
  return { ...rules, ...(await splineCoefficients(image, order, boundary, breathe)) };
}
