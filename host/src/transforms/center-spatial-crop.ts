import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf, type Viewport } from '../lazy/viewport.js';
import { crop } from './crop-or-pad.js';
import { defined, sizesOr } from './define.js';

export type CenterSpatialCropParams = {
  /** Voxels to keep, at most those there are; entries that are not positive keep the size. */
  readonly roi_size: number | readonly number[];
};

/** Cuts a box about voxel floor(n / 2). */
export function centerSpatialCrop(params: CenterSpatialCropParams): DefinedTransform {
  return defined('CenterSpatialCrop', params, (viewport) => [
    cropAboutCentre(viewport, sizesOr(params.roi_size, sizeOf(viewport))),
  ]);
}

export function cropAboutCentre(viewport: Viewport, size: readonly number[]) {
  const start = sizeOf(viewport).map((n, a) => centredStart(n, size[a]));
  const kept = sizeOf(viewport).map((n, a) => Math.min(size[a], n - start[a]));
  return crop(viewport, start, kept);
}

/** First voxel of `want` about voxel floor(have / 2). */
export const centredStart = (have: number, want: number): number =>
  Math.max(Math.floor(have / 2) - Math.floor(want / 2), 0);
