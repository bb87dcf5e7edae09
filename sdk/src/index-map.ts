import { VoxhostError } from './errors.js';
import { show } from './show.js';

/**
 * Where does an output voxel look in the input? A map takes a continuous output index to a continuous
 * input index; axes x, y, z; 0 is the centre of the first voxel.
 */
export type IndexMap = AffineMap | FieldMap | SequenceMap | PointsMap;

/** `x -> matrix · [x; 1]`. Free parameters: the matrix. */
export interface AffineMap {
  readonly kind: 'affine';
  /** Row-major, D rows of D+1 columns. */
  readonly matrix: Float64Array;
}

/** What a lattice is worth off its samples. */
export type Outside = 'zero' | 'buffer' | 'edge';

/**
 * B-spline coefficients of a field of D-vectors; never prefiltered, so coefficients of order 1 are the samples.
 *
 * Outside: `edge` clamps the index of each tap; `zero` is 0 wherever a tap of non-zero weight is off the
 * lattice (ITK's B-spline transform); `buffer` is edge within [-0.5, n - 0.5) and 0 beyond (ITK's
 * displacement field transform).
 *
 * Frozen once passed to a run: a backend may keep its own copy under the object's identity.
 */
export interface Lattice {
  /** Control points per axis, x first. */
  readonly size: readonly number[];
  readonly order: 1 | 3;
  readonly outside: Outside;
  /** D planes of Π size coefficients each, x fastest: all x components, then y, then z. */
  readonly data: Float32Array | Float64Array;
}

/**
 * `x -> matrix · [x; 1] + vectors · u(lookup · [x; 1])`. Free parameters: the lattice's coefficients.
 *
 * A matrix on either side folds in O(1): after, into `matrix` and `vectors`; before, into `matrix` and `lookup`.
 */
export interface FieldMap {
  readonly kind: 'field';
  /** Row-major D × (D+1). */
  readonly matrix: Float64Array;
  /** Row-major D × D: lattice vectors to input index units. */
  readonly vectors: Float64Array;
  /** Row-major D × (D+1): output index to lattice index. */
  readonly lookup: Float64Array;
  readonly lattice: Lattice;
}

/**
 * Applied first to last. Normal form, which `then` keeps: flat, at least two members, and no two
 * neighbours that fold in O(1); a backend takes any flat one, of at least one member. No free parameters of
 * its own; `pullback` reaches those of its members.
 */
export interface SequenceMap {
  readonly kind: 'sequence';
  readonly maps: readonly (AffineMap | FieldMap)[];
}

/** Sample n lies at `positions[n·D ..]` (x y z). Free parameters: the positions. */
export interface PointsMap {
  readonly kind: 'points';
  readonly positions: Float64Array;
  /**
   * The map that took the samples there, for a metric that looks around its samples; undefined where nobody knows.
   * Who looks at the samples alone goes by the positions. It has no free parameters here.
   */
  readonly of?: ContinuousMap;
}

/** A map that has a value at every point, which a points map has not. */
export type ContinuousMap = AffineMap | FieldMap | SequenceMap;

/** What a backend declares about maps: a field by the order of its lattice. */
export type MapShape = 'affine' | 'field-1' | 'field-3' | 'sequence' | 'points';

/** Every shape: what `"*"` of a capability stands for. */
export const MAP_SHAPES: readonly MapShape[] = [
  'affine',
  'field-1',
  'field-3',
  'sequence',
  'points',
];

/** The shape that a backend must declare for this map; a sequence is one whatever its members are. */
export function mapShape(map: IndexMap): MapShape {
  if (map.kind !== 'field') return map.kind;
  return map.lattice.order === 1 ? 'field-1' : 'field-3';
}

/** The maps that apply one after the other, first to last; none for points, which are mapped already. Throws `BAD_ARGUMENT`. */
export function mapMembers(map: IndexMap): readonly (AffineMap | FieldMap)[] {
  switch (map?.kind) {
    case 'affine':
    case 'field':
      return [map];
    case 'sequence':
      if (Array.isArray(map.maps)) return map.maps;
      throw noMap('is a sequence of no maps');
    case 'points':
      return [];
    default:
      map satisfies never;
      throw noMap(`is ${show(map)}, no map`);
  }
}

const noMap = (reason: string): VoxhostError =>
  new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });

/** Number of dimensions that a map works in; a points map does not know its own. */
export function mapDimensions(map: ContinuousMap): number {
  const [first] = mapMembers(map);
  if (first === undefined) return 0;
  return first.matrix?.length === 6 ? 2 : 3;
}
