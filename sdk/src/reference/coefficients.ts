import { type Boundary, fillValue } from '../boundary.js';
import { voxelCount } from '../grid.js';
import type { Image } from '../image.js';
import type { Pixels } from '../pixel-type.js';
import type { Breathe } from '../runs/breather.js';
import { type Extension, extensionOf, foldIndex } from './fold.js';
import { prefilterVolume } from './prefilter.js';
import { filterExtension, splineMargin } from './spline-padding.js';

/** B-spline coefficients of an image, float64, planar by channel. */
export interface Coefficients {
  readonly data: Float64Array;
  /** Per axis; larger than the image's by twice the margin. */
  readonly size: readonly number[];
  /** Coefficients before the image's first sample. */
  readonly margin: number;
}

/** Pads the image as the boundary asks, then filters it along every axis. */
export async function splineCoefficients(
  image: Image,
  order: 2 | 3 | 4 | 5,
  boundary: Boundary,
  breathe: Breathe,
): Promise<Coefficients> {
  const extension = extensionOf(boundary.kind, true);
  const margin = splineMargin(boundary.kind);
  const size = image.grid.size.map((n) => n + 2 * margin);
  const voxels = voxelCount(size);
  const filter = { order, extension: filterExtension(boundary.kind) };
  const data = new Float64Array(voxels * image.channels);
  for (let channel = 0; channel < image.channels; channel++) {
    const plane = data.subarray(channel * voxels, (channel + 1) * voxels);
    extendInto(plane, image.data, channel * voxelCount(image.grid.size), {
      size: image.grid.size,
      margin,
      extension,
      fill: fillValue(boundary),
    });
    await prefilterVolume(plane, size, filter, breathe);
  }
  return { data, size, margin };
}

/** Copies a channel with its margin, x fastest. */
function extendInto(
  plane: Float64Array,
  source: Pixels,
  first: number,
  how: {
    readonly size: readonly number[];
    readonly margin: number;
    readonly extension: Extension;
    readonly fill: number;
  },
): void {
  for (let at = 0; at < plane.length; at++) {
    let rest = at;
    let stride = 1;
    let offset = first;
    for (const n of how.size) {
      const padded = n + 2 * how.margin;
      const index = foldIndex((rest % padded) - how.margin, n, how.extension);
      offset = index < 0 ? Number.NaN : offset + index * stride;
      rest = Math.floor(rest / padded);
      stride *= n;
    }
    plane[at] = Number.isNaN(offset) ? how.fill : source[offset];
  }
}
