import { having, numbers, optional, reading, record, requireArgument } from '../arguments/rule.js';
import { VoxhostError } from '../errors.js';
import { identityDirection } from '../grid.js';
import {
  type AffineMap,
  type ContinuousMap,
  type FieldMap,
  type Lattice,
  mapDimensions,
  type PointsMap,
} from '../index-map.js';
import { affineDimensions, applyAffine, invertSquare, linearPart } from '../matrix.js';
import { pixelTypeOf } from '../pixel-type.js';
import { show } from '../show.js';
import { requireMap } from './map-problem.js';

/** An affine over a copy of D rows of D+1 numbers. Throws `BAD_ARGUMENT`. */
export function affineMap(matrix: ArrayLike<number>): AffineMap {
  requireArgument('matrix', matrix, numbers);
  const map: AffineMap = { kind: 'affine', matrix: Float64Array.from(matrix) };
  requireMap(map, affineDimensions(matrix.length) ?? 3);
  return Object.freeze(map);
}

/** Every output index looks at itself. */
export function identityMap(dims: number): AffineMap {
  if (dims !== 2 && dims !== 3) {
    const reason = `is ${show(dims)}, not 2 or 3`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'dims', reason });
  }
  return Object.freeze({ kind: 'affine', matrix: identityAffine(dims) });
}

/** What a field may leave out: matrix, vectors and lookup are the identity. */
export interface FieldMapInput {
  readonly matrix?: ArrayLike<number>;
  readonly vectors?: ArrayLike<number>;
  readonly lookup?: ArrayLike<number>;
  readonly lattice: Lattice;
}

const INPUT = record({
  matrix: optional(numbers),
  vectors: optional(numbers),
  lookup: optional(numbers),
  lattice: having({ size: numbers }),
});

/** A field over the caller's lattice, which is neither copied nor read. Throws `BAD_ARGUMENT`. */
export function fieldMap(input: FieldMapInput): FieldMap {
  requireArgument('input', input, INPUT);
  const dims = input.lattice.size.length === 2 ? 2 : 3;
  const map: FieldMap = {
    kind: 'field',
    matrix: Float64Array.from(input.matrix ?? identityAffine(dims)),
    vectors: Float64Array.from(input.vectors ?? identityDirection(dims)),
    lookup: Float64Array.from(input.lookup ?? identityAffine(dims)),
    lattice: input.lattice,
  };
  requireMap(map, dims);
  return Object.freeze(map);
}

/**
 * Positions that the caller gives, x y z of each sample; not copied. Throws `BAD_ARGUMENT`.
 *
 * @param of - the map that the positions come from, for metrics that look around samples
 */
export function pointsMap(positions: Float64Array, of?: ContinuousMap): PointsMap {
  if (pixelTypeOf(positions) !== 'float64') {
    const reason = 'are no Float64Array';
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'positions', reason });
  }
  if (of !== undefined)
    requireMap(
      of,
      reading('of', () => mapDimensions(of)),
    );
  return Object.freeze({ kind: 'points', positions, ...(of && { of }) });
}

/** The affine that undoes `map`. Throws `BAD_ARGUMENT` when `map` is singular. */
export function invertAffine(map: AffineMap): AffineMap {
  const dims = reading('map', () => mapDimensions(map));
  requireMap(map, dims);
  const inverse = invertSquare(linearPart(map.matrix, dims), dims);
  if (inverse === undefined) {
    const reason = `[${map.matrix}] is singular and has no inverse`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
  }
  const matrix = new Float64Array(dims * (dims + 1));
  for (let i = 0; i < inverse.length; i++) {
    matrix[Math.floor(i / dims) * (dims + 1) + (i % dims)] = inverse[i];
  }
  const origin = new Float64Array(dims);
  applyAffine(
    matrix,
    Array.from({ length: dims }, (_, r) => map.matrix[r * (dims + 1) + dims]),
    origin,
  );
  for (let r = 0; r < dims; r++) matrix[r * (dims + 1) + dims] = 0 - origin[r];
  return Object.freeze({ kind: 'affine', matrix });
}

function identityAffine(dims: number): Float64Array {
  const matrix = new Float64Array(dims * (dims + 1));
  for (let r = 0; r < dims; r++) matrix[r * (dims + 1) + r] = 1;
  return matrix;
}
