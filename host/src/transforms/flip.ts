import { scaling } from '../lazy/matrices.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { axisOf, defined, spatial } from './define.js';

export type FlipParams = {
  /** Axis or axes, counted from the end if negative; null is every axis. Default null. */
  readonly spatial_axis?: number | readonly number[] | null;
};

/** Reverses axes. */
export function flip(params: FlipParams = {}): DefinedTransform {
  return defined('Flip', params, (viewport) => {
    const dims = viewport.extent.length;
    const wanted = params.spatial_axis ?? viewport.extent.map((_, a) => a);
    const axes = new Set(
      (typeof wanted === 'number' ? [wanted] : wanted).map((a) => axisOf(a, dims)),
    );
    const size = sizeOf(viewport);
    const factors = size.map((_, a) => (axes.has(a) ? -1 : 1));
    const offset = size.map((n, a) => (axes.has(a) ? n - 1 : 0));
    return [spatial(viewport, scaling(factors, offset), viewport.extent)];
  });
}
