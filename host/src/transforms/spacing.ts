import type { DefinedTransform } from '../lazy/transform.js';
import { bad, defined, type SamplingParams } from './define.js';
import { fromRas, lengthsOf, rasRows, squared } from './ras.js';
import { resampleTo } from './spatial-resample.js';

type Numbers = number | readonly number[];

export type SpacingParams = SamplingParams & {
  /** Millimetres; entries that are not positive keep the present spacing, the last is repeated. */
  readonly pixdim: Numbers;
  /** Axes along the patient's instead of the image's own. Default false. */
  readonly diagonal?: boolean;
  /** Spacing from here ... */
  readonly min_pixdim?: readonly (number | null)[] | number | null;
  /** ... to here is kept. */
  readonly max_pixdim?: readonly (number | null)[] | number | null;
  /** Outer edges meet instead of the centres of the corner voxels. Default false. */
  readonly scale_extent?: boolean;
  readonly recompute_affine?: boolean;
};

/** Another spacing along the same perpendicular axes (a shear is dropped), from the same corner voxel on. */
export function spacing(params: SpacingParams): DefinedTransform {
  if (params.recompute_affine) throw bad('recompute_affine', 'is not built: the affine is exact');
  return defined('Spacing', params, (viewport) => {
    const rows = rasRows(viewport);
    const wanted = targetSpacing(params, lengthsOf(rows));
    const axes = params.diagonal
      ? rows.map((_, r) => rows.map((__, c) => (r === c ? 1 : 0)))
      : squared(rows);
    const target = axes.map((row) => row.map((value, c) => value * wanted[c]));
    return [resampleTo(viewport, fromRas(target), params)];
  });
}

/** Spacings this close to an allowed one count as allowed (MONAI's AFFINE_TOL). */
const SPACING_TOLERANCE = 1e-3;

function targetSpacing(params: SpacingParams, present: readonly number[]): readonly number[] {
  const list = typeof params.pixdim === 'number' ? [params.pixdim] : params.pixdim;
  if (list.length === 0) throw bad('pixdim', 'is empty');
  return present.map((now, a) => {
    const asked = list[Math.min(a, list.length - 1)];
    const least = Math.min(at(params.min_pixdim, a) ?? asked, asked);
    const most = Math.max(at(params.max_pixdim, a) ?? asked, asked);
    const kept = now >= least - SPACING_TOLERANCE && now <= most + SPACING_TOLERANCE;
    return kept || !(asked > 0) ? now : asked;
  });
}

/** A bound of one axis; null and NaN are none. */
function at(
  bounds: readonly (number | null)[] | number | null | undefined,
  axis: number,
): number | undefined {
  const value = Array.isArray(bounds) ? bounds[axis] : bounds;
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}
