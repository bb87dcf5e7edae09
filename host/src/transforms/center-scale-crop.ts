import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { cropAboutCentre } from './center-spatial-crop.js';
import { defined, perAxis } from './define.js';

export type CenterScaleCropParams = {
  /** Fraction of each axis to keep. */
  readonly roi_scale: number | readonly number[];
};

/** Cuts ceil(scale · n) voxels about the middle. */
export function centerScaleCrop(params: CenterScaleCropParams): DefinedTransform {
  return defined('CenterScaleCrop', params, (viewport) => {
    const scales = perAxis(params.roi_scale, viewport.extent.length);
    return [
      cropAboutCentre(
        viewport,
        sizeOf(viewport).map((n, a) => scaledSize(n, scales[a])),
      ),
    ];
  });
}

/** Slack so that 0.29 of 100 is 29 voxels, whatever float64 makes of the product. */
const ROUNDING = 1e-9;

/** ceil(scale · n), at least 1. */
export const scaledSize = (n: number, scale: number): number =>
  Math.max(1, Math.ceil(scale * n - ROUNDING));
