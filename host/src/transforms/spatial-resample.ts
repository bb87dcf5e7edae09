import { type AffineMap, affineMap, evaluate, invertAffine, roundHalfEven } from '@voxhost/sdk';
import { chain, translation } from '../lazy/matrices.js';
import type { DefinedTransform, MatchingTransform } from '../lazy/transform.js';
import { settle, sizeOf, type Viewport } from '../lazy/viewport.js';
import { defined, resampled, type SamplingParams, sizesOr } from './define.js';
import { frameOfRas, type Rows, rasAffine } from './ras.js';

export type SpatialResampleParams = SamplingParams & {
  /** Homogeneous rows, index to RAS; null keeps the present frame. */
  readonly dst_affine?: Rows | null;
  /** Null: all corner voxels stay in; entries that are not positive keep the size. */
  readonly spatial_size?: number | readonly number[] | null;
};

const DEFAULTS = { mode: 'bilinear', padding: 'border' } as const;

/** Samples on another frame. */
export function spatialResample(params: SpatialResampleParams): DefinedTransform {
  return defined('SpatialResample', params, (viewport) => [onFrame(viewport, params)]);
}

/** Samples on the frame and size of another image. */
export function resampleToMatch(params: SpatialResampleParams): DefinedTransform {
  return defined('ResampleToMatch', params, (viewport) => [onFrame(viewport, params)]);
}

/** The same for another entry of a dictionary, as it stands when this is reached. */
export function resampleToMatchKey(
  reference: string,
  params: SamplingParams = {},
): MatchingTransform {
  return Object.freeze({
    kind: 'matching',
    name: 'ResampleToMatch',
    params,
    reference,
    match: (viewport: Viewport) =>
      resampleToMatch({
        ...params,
        dst_affine: rasAffine(viewport),
        spatial_size: sizeOf(viewport),
      }),
  });
}

function onFrame(viewport: Viewport, params: SpatialResampleParams) {
  const dims = viewport.extent.length;
  const frame = params.dst_affine ? frameOfRas(params.dst_affine, dims) : viewport.frame;
  const map = chain(frame, invertAffine(viewport.frame));
  const extent =
    params.spatial_size == null
      ? settle(viewport, coveringExtent(viewport, frame, false), roundAtLeastOne)
      : sizesOr(params.spatial_size, viewport.extent);
  return resampled(viewport, { map, extent }, params, DEFAULTS);
}

/** Samples along other axes, `linear` being the LPS vectors of the new voxels, from the corner that comes first on them all. */
export function resampleTo(
  viewport: Viewport,
  linear: Rows,
  params: SamplingParams & { readonly scale_extent?: boolean },
) {
  const edges = params.scale_extent ?? false;
  const axes = affineMap(linear.flatMap((row) => [...row, 0]));
  const extent = settle(viewport, coveringExtent(viewport, axes, edges), roundAtLeastOne);
  const origin = firstCorner(viewport, axes, edges) ?? centred(viewport, axes, extent);
  const map = chain(axes, translation(origin), invertAffine(viewport.frame));
  return resampled(viewport, { map, extent }, params, DEFAULTS);
}

const roundAtLeastOne = (e: number): number => Math.max(1, roundHalfEven(e));

/** Index of each corner in the frame: of corner voxels' centres, or of outer edges. */
function corners(viewport: Viewport, edges: boolean): readonly (readonly number[])[] {
  return viewport.extent.reduce<readonly (readonly number[])[]>(
    (found, e) => {
      const ends = edges ? [-0.5, e - 0.5] : [0, Math.max(e - 1, 0)];
      return found.flatMap((corner) => ends.map((end) => [...corner, end]));
    },
    [[]],
  );
}

const cornersIn = (
  viewport: Viewport,
  frame: AffineMap,
  edges: boolean,
): readonly Float64Array[] => {
  const map = chain(viewport.frame, invertAffine(frame));
  return corners(viewport, edges).map((corner) => evaluate(map, corner));
};

/** Voxels between the outermost corners, both of them included. */
function coveringExtent(viewport: Viewport, frame: AffineMap, edges: boolean): readonly number[] {
  const found = cornersIn(viewport, frame, edges);
  return viewport.extent.map((_, a) => {
    const values = found.map((corner) => corner[a]);
    return Math.max(...values) - Math.min(...values) + (edges ? 0 : 1);
  });
}

/** By how much a corner may lie behind another and still come first on all axes (NumPy's allclose). */
const SAME_CORNER = 1e-8;

/** Physical point of the first voxel that keeps a corner in place, if one corner is first on all new axes. */
function firstCorner(
  viewport: Viewport,
  axes: AffineMap,
  edges: boolean,
): readonly number[] | undefined {
  const found = cornersIn(viewport, axes, edges);
  const first = found.find((corner) =>
    corner.every((value, a) => found.every((other) => other[a] - value >= 0 - SAME_CORNER)),
  );
  if (first === undefined) return undefined;
  return [...evaluate(axes, edges ? first.map((v) => v + 0.5) : first)];
}

/** Physical point of the first voxel so that half of the voxels lie before the middle, as before. */
function centred(
  viewport: Viewport,
  axes: AffineMap,
  extent: readonly number[],
): readonly number[] {
  const middle = evaluate(
    viewport.frame,
    viewport.extent.map((e) => e / 2),
  );
  const back = evaluate(
    axes,
    extent.map((e) => e / 2),
  );
  return [...middle.map((v, r) => v - back[r])];
}
