import { isListThat, isObject, reading } from '../arguments/rule.js';
import { VoxhostError } from '../errors.js';
import { isExtent, voxelCount } from '../grid.js';
import type { AffineMap, FieldMap, IndexMap, Lattice } from '../index-map.js';
import { pixelTypeOf } from '../pixel-type.js';
import { show } from '../show.js';

/**
 * The first thing wrong with a map that is to work in `dims` dimensions, or undefined. Looks at shapes
 * and matrices only: never at lattice data or positions, whose number is not bounded. Throws `BAD_ARGUMENT` for one
 * that cannot be looked at.
 */
export const mapProblem = (map: IndexMap, dims: number): string | undefined =>
  reading('map', () => problemOf(map, dims));

function problemOf(map: IndexMap, dims: number): string | undefined {
  if (!isObject(map)) return `is ${show(map)}, no map`;
  switch (map.kind) {
    case 'affine':
      return affineProblem(map, dims);
    case 'field':
      return fieldProblem(map, dims);
    case 'sequence':
      return sequenceProblem(map.maps, dims);
    case 'points':
      return pointsProblem(map.positions, dims) ?? ofProblem(map.of, dims);
    default:
      map satisfies never;
      return 'is of a kind that no map has';
  }
}

/** Throws `BAD_ARGUMENT` with the first thing wrong with a map. */
export function requireMap(map: IndexMap, dims: number): void {
  const reason = mapProblem(map, dims);
  if (reason !== undefined) throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
}

function affineProblem(map: AffineMap, dims: number): string | undefined {
  return matrixProblem('matrix', map.matrix, dims * (dims + 1));
}

function fieldProblem(map: FieldMap, dims: number): string | undefined {
  return (
    matrixProblem('matrix', map.matrix, dims * (dims + 1)) ??
    matrixProblem('vectors', map.vectors, dims * dims) ??
    matrixProblem('lookup', map.lookup, dims * (dims + 1)) ??
    latticeProblem(map.lattice, dims)
  );
}

function matrixProblem(name: string, matrix: unknown, length: number): string | undefined {
  if (pixelTypeOf(matrix) !== 'float64') return `has a ${name} that is no Float64Array`;
  const numbers = matrix as Float64Array;
  if (numbers.length !== length) {
    return `has a ${name} of ${numbers.length} numbers where ${length} are needed`;
  }
  return numbers.every(Number.isFinite) ? undefined : `has a ${name} that is not finite`;
}

function latticeProblem(lattice: Lattice, dims: number): string | undefined {
  if (!isObject(lattice)) return 'has no lattice';
  const { size, order, outside, data } = lattice;
  if (!isListThat(size, isExtent) || size.length !== dims) {
    return `has a lattice of size ${show(size)}, not ${dims} whole numbers of at least 1`;
  }
  if (order !== 1 && order !== 3) return `has a lattice of order ${show(order)}, not 1 or 3`;
  if (outside !== 'zero' && outside !== 'buffer' && outside !== 'edge') {
    return `has a lattice whose outside is ${show(outside)}, not zero, buffer or edge`;
  }
  const type = pixelTypeOf(data);
  if (type !== 'float32' && type !== 'float64') return 'has lattice data of no float type';
  const wanted = dims * voxelCount(size);
  if (data.length === wanted) return undefined;
  return `has ${data.length} lattice coefficients where ${wanted} are needed`;
}

function sequenceProblem(
  maps: readonly (AffineMap | FieldMap)[],
  dims: number,
): string | undefined {
  if (!Array.isArray(maps) || maps.length === 0) return 'is a sequence of no maps';
  for (const member of maps) {
    if (member?.kind !== 'affine' && member?.kind !== 'field')
      return 'is a sequence that is not flat';
    const problem = problemOf(member, dims);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function ofProblem(of: unknown, dims: number): string | undefined {
  if (of === undefined) return undefined;
  const map = of as IndexMap;
  const problem = map?.kind === 'points' ? 'is a list of positions' : problemOf(map, dims);
  return problem === undefined ? undefined : `has positions of a map that ${problem}`;
}

function pointsProblem(positions: unknown, dims: number): string | undefined {
  if (pixelTypeOf(positions) !== 'float64') return 'has positions that are no Float64Array';
  const { length } = positions as Float64Array;
  return length % dims === 0 ? undefined : `has ${length} positions, no multiple of ${dims}`;
}
