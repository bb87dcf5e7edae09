import type { RandomStream } from '../lazy/random-stream.js';
import type { DefinedTransform, RandomTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { scaledSize } from './center-scale-crop.js';
import { centerSpatialCrop } from './center-spatial-crop.js';
import { perAxis, sizesOr } from './define.js';
import { randomlyByVoxels } from './randomly.js';
import { spatialCrop } from './spatial-crop.js';

type Numbers = number | readonly number[];

export type RandSpatialCropParams = {
  /** Voxels to keep; the least of them with `random_size`. Entries that are not positive keep the size. */
  readonly roi_size: Numbers;
  /** Most voxels with `random_size`. Default all. */
  readonly max_roi_size?: Numbers | null;
  /** Default true. */
  readonly random_center?: boolean;
  /** Default false. */
  readonly random_size?: boolean;
};

/** Cuts a box at a drawn place, of a drawn size if asked. */
export function randSpatialCrop(params: RandSpatialCropParams): RandomTransform {
  return randomlyByVoxels('RandSpatialCrop', params, 1, (random, viewport) => {
    const size = sizeOf(viewport);
    const least = sizesOr(params.roi_size, size);
    const most = sizesOr(params.max_roi_size ?? -1, size);
    const drawn = drawBox(random, { size, least, most, ...params });
    return () => [drawn];
  });
}

export type RandScaleCropParams = Omit<RandSpatialCropParams, 'roi_size' | 'max_roi_size'> & {
  /** Fraction of each axis. */
  readonly roi_scale: Numbers;
  readonly max_roi_scale?: Numbers | null;
};

/** The same with fractions of the image. */
export function randScaleCrop(params: RandScaleCropParams): RandomTransform {
  return randomlyByVoxels('RandScaleCrop', params, 1, (random, viewport) => {
    const size = sizeOf(viewport);
    const scaled = (scale: Numbers): readonly number[] =>
      perAxis(scale, size.length).map((s, a) => scaledSize(size[a], s));
    const most = params.max_roi_scale == null ? size : scaled(params.max_roi_scale);
    const drawn = drawBox(random, { size, least: scaled(params.roi_scale), most, ...params });
    return () => [drawn];
  });
}

interface BoxRange {
  readonly size: readonly number[];
  readonly least: readonly number[];
  readonly most: readonly number[];
  readonly random_center?: boolean;
  readonly random_size?: boolean;
}

/** A crop within the image: its size first, then its place. */
export function drawBox(random: RandomStream, range: BoxRange): DefinedTransform {
  const { size, least, most } = range;
  const want = least.map((l, a) =>
    Math.min(size[a], range.random_size ? l + random.below(Math.max(most[a] - l, 0) + 1) : l),
  );
  if (range.random_center === false) return centerSpatialCrop({ roi_size: want });
  const start = want.map((w, a) => random.below(size[a] - w + 1));
  return spatialCrop({ roi_start: start, roi_end: start.map((s, a) => s + want[a]) });
}
