import { numbers, reading, requireArgument } from '../arguments/rule.js';
import { VoxhostError } from '../errors.js';
import {
  type AffineMap,
  type ContinuousMap,
  type FieldMap,
  type IndexMap,
  mapDimensions,
  mapMembers,
} from '../index-map.js';
import { multiplySquare } from '../matrix.js';
import { show } from '../show.js';
import { follow, followMember } from './follower.js';
import { requireMap } from './map-problem.js';

/** The map's value at one point; into `into` (not `point` itself) if given. Throws `BAD_ARGUMENT`. */
export function evaluate(
  map: ContinuousMap,
  point: ArrayLike<number>,
  into: Float64Array = new Float64Array(readDimensions(map)),
): Float64Array {
  const dims = readDimensions(map);
  requireLength('point', point, dims);
  requireLength('into', into, dims);
  diagnosing(map, point, () => follow(map).locate(point, into));
  return into;
}

/**
 * Row-major D × D derivative of the map's value by the point: row r, column c is ∂value_r/∂point_c.
 * Of a lattice it is that of the piece in the cell floor(x), the last cell closed. Throws `BAD_ARGUMENT`.
 */
export function jacobian(map: ContinuousMap, point: ArrayLike<number>): Float64Array {
  const dims = readDimensions(map);
  requireLength('point', point, dims);
  const here = reading('point', () => Float64Array.from(point));
  const there = new Float64Array(dims);
  const derivative = new Float64Array(dims * dims);
  let product: Float64Array | undefined;
  diagnosing(map, point, () => {
    for (const member of mapMembers(map)) {
      const follower = followMember(member);
      follower.differentiate(here, derivative);
      follower.locate(here, there);
      here.set(there);
      product =
        product === undefined ? derivative.slice() : multiplySquare(derivative, product, dims);
    }
  });
  return product ?? derivative;
}

/**
 * Adds to `into` the derivative of `cotangent · map(point)` by the map's free parameters: shaped as the
 * matrix of an affine, as the lattice data of a field. Throws `BAD_ARGUMENT`.
 */
export function accumulate(
  map: AffineMap | FieldMap,
  point: ArrayLike<number>,
  cotangent: ArrayLike<number>,
  into: Float64Array,
): void {
  requireLength('point', point, mapDimensions(map));
  requireLength('cotangent', cotangent, mapDimensions(map));
  requireLength('into', into, parameterCount(map));
  followMember(map).accumulate(point, cotangent, into);
}

/** Points are many: a map is looked at only after it has failed. Throws `BAD_ARGUMENT`. */
function diagnosing(map: ContinuousMap, point: ArrayLike<number>, work: () => void): void {
  try {
    work();
  } catch (error) {
    requireMap(map, mapDimensions(map));
    requireArgument('point', point, numbers);
    throw error;
  }
}

/** Zeros shaped as a map's free parameters: matrix, lattice data or positions. Undefined for a sequence, which has none of its own. */
export function zeroDerivative(map: IndexMap): Float64Array | undefined {
  if (map.kind === 'sequence') return undefined;
  return new Float64Array(map.kind === 'points' ? map.positions.length : parameterCount(map));
}

/** Number of free parameters: matrix elements, or lattice coefficients. */
export const parameterCount = (map: AffineMap | FieldMap): number =>
  map.kind === 'affine' ? map.matrix.length : map.lattice.data.length;

const readDimensions = (map: ContinuousMap): number => reading('map', () => mapDimensions(map));

function requireLength(argument: string, values: ArrayLike<number>, wanted: number): void {
  const length = reading(argument, () => values?.length);
  if (length === wanted) return;
  const reason = `has ${show(length)} numbers where ${wanted} are needed`;
  throw new VoxhostError('BAD_ARGUMENT', { argument, reason });
}
