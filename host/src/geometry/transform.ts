import type { Grid } from '@voxhost/sdk';

/**
 * A spatial transform in physical space (LPS, mm). As in ITK it takes a point of the OUTPUT to the point of
 * the INPUT that is looked at: the way back from what the picture seems to do.
 */
export type Transform =
  | LinearTransform
  | BSplineTransform
  | DisplacementFieldTransform
  | CompositeTransform;

/** ITK's transforms that are a matrix, by what their parameters are. */
export type LinearKind =
  | 'translation'
  | 'scale'
  | 'euler-2d'
  | 'euler-3d'
  | 'versor-rigid-3d'
  | 'similarity-2d'
  | 'similarity-3d'
  | 'affine';

/** x -> M · (x - center) + center + translation; M and translation follow from the parameters as in ITK. */
export interface LinearTransform {
  readonly kind: LinearKind;
  readonly dims: 2 | 3;
  /**
   * In ITK's order: translation t; scale s; euler-2d angle, t; euler-3d angle x, y, z, t; versor-rigid-3d x, y,
   * z of the versor, t; similarity-2d scale, angle, t; similarity-3d versor, t, scale; affine M row-major, t.
   * Angles in radians.
   */
  readonly parameters: Float64Array;
  /** Physical point that stays where it is but for the translation. */
  readonly center: readonly number[];
  /** Of euler-3d: M = Rz·Ry·Rx when true, ITK's default Rz·Rx·Ry when not. */
  readonly zyx: boolean;
}

/** x -> x + u(x), u a cubic B-spline; x where its support leaves the lattice (ITK). */
export interface BSplineTransform {
  readonly kind: 'bspline';
  /** Where the control points lie. */
  readonly grid: Grid;
  /** Millimetres: D planes of Π size coefficients, x components first (ITK's order). */
  readonly parameters: Float64Array;
}

/** x -> x + u(x), u linear between samples, the edge's within half a voxel of it, 0 beyond (ITK). */
export interface DisplacementFieldTransform {
  readonly kind: 'displacement-field';
  readonly grid: Grid;
  /** Millimetres, LPS: D planes of Π size components. */
  readonly parameters: Float32Array | Float64Array;
}

/** Members in the order of an ITK composite: the LAST is applied first. */
export interface CompositeTransform {
  readonly kind: 'composite';
  readonly members: readonly Exclude<Transform, CompositeTransform>[];
}

/** Dimensions that a transform that was checked works in; a composite without members is a 3-D identity. */
export function dimensionsOf(transform: Transform): number {
  switch (transform.kind) {
    case 'composite':
      return transform.members[0] === undefined ? 3 : dimensionsOf(transform.members[0]);
    case 'bspline':
    case 'displacement-field':
      return transform.grid.size.length;
    default:
      return transform.dims;
  }
}
