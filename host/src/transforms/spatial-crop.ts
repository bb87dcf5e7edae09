import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { crop } from './crop-or-pad.js';
import { bad, defined } from './define.js';

type Numbers = number | readonly number[];

/** A box by centre and size, by start and end, or by slices; axes that are left out stay whole. */
export type SpatialCropParams = {
  readonly roi_center?: Numbers | null;
  readonly roi_size?: Numbers | null;
  readonly roi_start?: Numbers | null;
  /** First voxel that is no longer kept. */
  readonly roi_end?: Numbers | null;
  /** Python's slices, negative from the end, step 1. */
  readonly roi_slices?: readonly (readonly (number | null)[])[] | null;
};

/** Cuts a box of whole voxels; what lies outside the volume is left off. */
export function spatialCrop(params: SpatialCropParams): DefinedTransform {
  return defined('SpatialCrop', params, (viewport) => {
    const size = sizeOf(viewport);
    const slices = slicesOf(params);
    const bounds = size.map((n, a) => boundsOf(slices[a] ?? [], n));
    if (bounds.some(([start, end]) => end <= start)) throw bad('roi', 'leaves no voxel');
    return [
      crop(
        viewport,
        bounds.map(([start]) => start),
        bounds.map(([start, end]) => end - start),
      ),
    ];
  });
}

type Slice = readonly (number | null)[];

function slicesOf(params: SpatialCropParams): readonly Slice[] {
  const list = (value: Numbers): readonly number[] => (typeof value === 'number' ? [value] : value);
  const { roi_center, roi_size, roi_start, roi_end, roi_slices } = params;
  if (roi_slices != null) {
    if (roi_slices.some((s) => (s[2] ?? 1) !== 1))
      throw bad('roi_slices', 'has a step other than 1');
    return roi_slices;
  }
  if (roi_center != null && roi_size != null) {
    const sizes = list(roi_size);
    return list(roi_center).map((centre, a) => {
      const length = sizes[a] ?? sizes[sizes.length - 1];
      const start = Math.max(centre - Math.floor(length / 2), 0);
      return [start, start + length];
    });
  }
  if (roi_start == null || roi_end == null) {
    throw bad('roi', 'needs roi_center and roi_size, roi_start and roi_end, or roi_slices');
  }
  const ends = list(roi_end);
  return list(roi_start).map((start, a) => [Math.max(start, 0), Math.max(ends[a], start, 0)]);
}

/** Python's slice.indices for step 1. */
function boundsOf([start, end]: Slice, n: number): readonly [number, number] {
  const clip = (value: number): number => Math.min(Math.max(value < 0 ? value + n : value, 0), n);
  return [clip(start ?? 0), clip(end ?? n)];
}
