import { aboutCentres, rotation } from '../lazy/matrices.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { settle } from '../lazy/viewport.js';
import { defined, resampled, type SamplingParams } from './define.js';

export type RotateParams = SamplingParams & {
  /** Radians: one about the plane in 2-D; about x, y and z in 3-D, applied to output indices as Rx · Ry · Rz. */
  readonly angle: number | readonly number[];
  /** Keep the number of voxels instead of all corners. Default true. */
  readonly keep_size?: boolean;
};

/** Turns about the middle. */
export function rotate(params: RotateParams): DefinedTransform {
  return defined('Rotate', params, (viewport) => {
    const dims = viewport.extent.length;
    const angles = typeof params.angle === 'number' ? [params.angle] : params.angle;
    const turn = rotation(angles, dims);
    const extent =
      (params.keep_size ?? true)
        ? viewport.extent
        : settle(viewport, boundingExtent(turn.matrix, viewport.extent), (e) =>
            Math.trunc(e + 0.5),
          );
    const map = aboutCentres(turn, viewport.extent, extent);
    return [resampled(viewport, { map, extent }, params, { mode: 'bilinear', padding: 'border' })];
  });
}

/** Extent of the turned box: of a box, the sum of its sides' shares in each axis. */
function boundingExtent(matrix: Float64Array, extent: readonly number[]): readonly number[] {
  const dims = extent.length;
  return extent.map((_, row) =>
    extent.reduce((sum, e, c) => sum + Math.abs(matrix[row * (dims + 1) + c]) * e, 0),
  );
}
