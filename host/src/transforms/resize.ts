import { roundHalfEven } from '@voxhost/sdk';
import type { DefinedTransform } from '../lazy/transform.js';
import { settle } from '../lazy/viewport.js';
import { bad, defined, type SamplingParams, sizesOr } from './define.js';
import { interpolated } from './interpolate.js';

export type ResizeParams = SamplingParams & {
  /** Voxels per axis, entries that are not positive keep the size; of the longest axis with `longest`. */
  readonly spatial_size: number | readonly number[];
  /** `longest` scales all axes alike. Default `all`. */
  readonly size_mode?: 'all' | 'longest';
  /** Not built: smooth first, or use mode `area`. */
  readonly anti_aliasing?: boolean;
};

/** Another number of voxels over the same extent, outer edges meeting. Default mode `area`. */
export function resize(params: ResizeParams): DefinedTransform {
  if (params.anti_aliasing) throw bad('anti_aliasing', 'is not built; use mode "area"');
  return defined('Resize', params, (viewport) => {
    if (params.size_mode !== 'longest') {
      return [interpolated(viewport, sizesOr(params.spatial_size, viewport.extent), params)];
    }
    if (typeof params.spatial_size !== 'number') {
      throw bad('spatial_size', 'is one number with size_mode "longest"');
    }
    const scale = params.spatial_size / Math.max(...viewport.extent);
    const scaled = viewport.extent.map((e) => e * scale);
    const extent = settle(viewport, scaled, (e) => Math.max(1, roundHalfEven(e)));
    return [interpolated(viewport, extent, params)];
  });
}
