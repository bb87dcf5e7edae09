import { type AffineMap, affineMap } from '@voxhost/sdk';
import { aboutCentres, chain, rotation, scaling, shearing, translation } from '../lazy/matrices.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { bad, defined, resampled, type SamplingParams, sizesOr } from './define.js';

/** Parts of a pull matrix about the centres, in voxels of index space. */
export type AffineParts = {
  /** Radians. */
  readonly rotate_params?: number | readonly number[] | null;
  /** Row by row beside the diagonal. */
  readonly shear_params?: number | readonly number[] | null;
  readonly translate_params?: number | readonly number[] | null;
  /** Larger than 1 shrinks the object: the matrix pulls. */
  readonly scale_params?: number | readonly number[] | null;
};

/** A matrix by its parts or by its rows. */
export type AffineGridParams = AffineParts & {
  /** Homogeneous rows, instead of the parts. */
  readonly affine?: readonly (readonly number[])[] | null;
};

export type AffineParams = SamplingParams &
  AffineGridParams & {
    /** Entries that are not positive keep the size. Default all. */
    readonly spatial_size?: number | readonly number[] | null;
  };

/** Rotation · shear · translation · scale about the centres, taking output to input indices. */
export function affine(params: AffineParams): DefinedTransform {
  return defined('Affine', params, (viewport) => {
    const extent = sizesOr(params.spatial_size ?? -1, viewport.extent);
    const map = affineGrid(params, viewport.extent, extent);
    return [
      resampled(viewport, { map, extent }, params, { mode: 'bilinear', padding: 'reflection' }),
    ];
  });
}

/**
 * MONAI's AffineGrid with its `lazy`: the matrix that the grid would hold evaluated, and no grid. It takes an
 * index of an output of `output` voxels to an index of an input of `input` voxels, middle to middle: what
 * `affine` makes pending, and `map` of a resample request takes. Throws `BAD_ARGUMENT`.
 */
export function affineGrid(
  params: AffineGridParams,
  input: readonly number[],
  output: readonly number[] = input,
): AffineMap {
  const dims = input.length;
  if ((dims !== 2 && dims !== 3) || output.length !== dims) {
    throw bad('output', `[${output}] beside an input of [${input}] is not 2 or 3 sizes each`);
  }
  const about = params.affine ? fromRows(params.affine, dims) : fromParts(params, dims);
  return aboutCentres(about, input, output);
}

/** The matrix of the parts, about 0. */
export function fromParts(parts: AffineParts, dims: number): AffineMap {
  const list = (value: number | readonly number[] | null | undefined): readonly number[] =>
    typeof value === 'number' ? [value] : (value ?? []);
  const pick = (value: number | readonly number[] | null | undefined, other: number): number[] =>
    Array.from({ length: dims }, (_, a) => list(value)[a] ?? other);
  return chain(
    scaling(pick(parts.scale_params, 1), Array<number>(dims).fill(0)),
    translation(pick(parts.translate_params, 0)),
    shearing(list(parts.shear_params), dims),
    rotation(list(parts.rotate_params), dims),
  );
}

function fromRows(rows: readonly (readonly number[])[], dims: number): AffineMap {
  const fits = rows.length >= dims && rows.slice(0, dims).every((row) => row.length === dims + 1);
  if (!fits) throw bad('affine', `is not ${dims} or ${dims + 1} rows of ${dims + 1} numbers`);
  return affineMap(rows.slice(0, dims).flat());
}
