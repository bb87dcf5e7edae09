import {
  type AffineMap,
  affineMap,
  allocatePixels,
  type ContinuousMap,
  evaluate,
  fieldMap,
  invertAffine,
  jacobian,
  locateAll,
  mapDimensions,
  mapMembers,
  outputIndices,
  requireMap,
  then,
  voxelCount,
} from '@voxhost/sdk';
import { count as extent, listOf, requireArgument } from '@voxhost/sdk/arguments';
import { HostError } from '../errors.js';
import { boundsThrough, wholeBounds } from './bounds.js';
import type { Block } from './noise.js';

/** Steps of the fixed-point iteration; each shrinks the error by the field's Lipschitz constant. */
const FIXED_POINT_STEPS = 40;

/** Steps of Newton's iteration for what the fixed point leaves. */
const NEWTON_STEPS = 40;

/** Largest last step, in voxels, of a position that counts as found: far below the promised 1e-3. */
const FOUND = 1e-5;

/**
 * The map that undoes `map` at every voxel of `size`, the grid it will be run on. A matrix is inverted as a
 * matrix. Anything else becomes one field with a vector for every voxel, each found by the iteration
 * x <- x + A⁻¹ (y - map(x)), A being the map's matrices alone (Chen et al., Med. Phys. 35, 2008), then
 * Newton's. Throws `NOT_EXPRESSIBLE` naming a voxel where the map folds or is not reached.
 */
export function invertMap(map: ContinuousMap, size: readonly number[]): ContinuousMap {
  if (map?.kind === 'affine') return invertAffine(map);
  const dims = mapDimensions(map);
  requireMap(map, dims);
  requireArgument('size', size, listOf(extent));
  const inverse = invertAffine(matricesOf(map));
  const count = voxelCount(size);
  const data = allocatePixels('float64', count * dims);
  const slab = count / size[dims - 1];
  // The displacements of the slab before are close to those of the next.
  let near = new Float64Array(slab * dims);
  for (let at = 0; at < size[dims - 1]; at++) {
    const targets = outputIndices(slabOf(size, at), dims);
    const straight = locateAll(inverse, { points: targets }, dims);
    const found = solve(
      { map, inverse, targets },
      straight.map((v, i) => v + near[i]),
    );
    near = found.map((v, i) => v - straight[i]);
    for (const [i, v] of near.entries()) {
      data[(i % dims) * count + at * slab + Math.floor(i / dims)] = v;
    }
  }
  requireUnfolded(map, reachOf(inverse, data, size));
  return fieldMap({ matrix: inverse.matrix, lattice: { size, order: 1, outside: 'edge', data } });
}

/** A block one index thick along the last axis, `at` behind the first. */
function slabOf(size: readonly number[], at: number, start: readonly number[] = size.map(() => 0)) {
  const last = size.length - 1;
  return {
    size: size.map((n, a) => (a === last ? 1 : n)),
    start: start.map((s, a) => (a === last ? s + at : s)),
  };
}

/** The map without its fields. */
function matricesOf(map: ContinuousMap): AffineMap {
  const matrices = mapMembers(map).map(({ matrix }) => affineMap(matrix));
  return matrices.reduce((all, next) => then(all, next) as AffineMap);
}

/** Positions that the map takes to the targets, found from a guess, which is overwritten. */
function solve(
  equation: Equation,
  positions: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const dims = mapDimensions(equation.map);
  let active = Uint32Array.from({ length: positions.length / dims }, (_, i) => i);
  for (let step = 0; step < FIXED_POINT_STEPS && active.length > 0; step++) {
    active = fixedPointStep(equation, positions, active);
  }
  for (const point of active) newton(equation.map, positions, equation.targets, point);
  return positions;
}

interface Equation {
  readonly map: ContinuousMap;
  readonly inverse: AffineMap;
  readonly targets: Float64Array;
}

/** Moves the active points once; gives those that moved too far to be done. */
function fixedPointStep(
  { map, inverse, targets }: Equation,
  positions: Float64Array,
  active: Uint32Array,
): Uint32Array<ArrayBuffer> {
  const dims = mapDimensions(map);
  const values = locateAll(map, { points: gather(positions, active, dims) }, dims);
  const moves = new Float64Array(dims);
  return Uint32Array.from(
    active.filter((point, i) => {
      let largest = 0;
      for (let r = 0; r < dims; r++) {
        moves[r] = 0;
        for (let c = 0; c < dims; c++) {
          const miss = targets[point * dims + c] - values[i * dims + c];
          moves[r] += inverse.matrix[r * (dims + 1) + c] * miss;
        }
        largest = Math.max(largest, Math.abs(moves[r]));
      }
      for (let r = 0; r < dims; r++) positions[point * dims + r] += moves[r];
      return !(largest <= FOUND);
    }),
  );
}

function gather(positions: Float64Array, points: Uint32Array, dims: number): Float64Array {
  const gathered = new Float64Array(points.length * dims);
  for (let i = 0; i < gathered.length; i++) {
    gathered[i] = positions[points[Math.floor(i / dims)] * dims + (i % dims)];
  }
  return gathered;
}

function newton(
  map: ContinuousMap,
  positions: Float64Array,
  targets: Float64Array,
  point: number,
): void {
  const dims = mapDimensions(map);
  const position = positions.subarray(point * dims, (point + 1) * dims);
  const target = targets.subarray(point * dims, (point + 1) * dims);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const miss = evaluate(map, position).map((v, r) => target[r] - v);
    const move = solveLinear(jacobian(map, position), miss);
    if (move === undefined) break;
    for (let r = 0; r < dims; r++) position[r] += move[r];
    if (move.every((m) => Math.abs(m) <= FOUND)) return;
  }
  throw noInverse(target, 'no position leads there');
}

/** The move whose image under the derivative is `miss`, or undefined where the derivative is flat. */
function solveLinear(derivative: Float64Array, miss: Float64Array): Float64Array | undefined {
  const dims = miss.length;
  const matrix = affineMap(
    Array.from({ length: dims * (dims + 1) }, (_, i) =>
      i % (dims + 1) === dims
        ? 0
        : derivative[Math.floor(i / (dims + 1)) * dims + (i % (dims + 1))],
    ),
  );
  try {
    return evaluate(invertAffine(matrix), miss);
  } catch {
    return undefined;
  }
}

/** Box of whole indices that the inverse leads to. */
function reachOf(inverse: AffineMap, data: Float64Array, size: readonly number[]): Block {
  const dims = size.length;
  const lattice = { size, order: 1, outside: 'edge', data } as const;
  const { low, high } = boundsThrough(
    fieldMap({ matrix: inverse.matrix, lattice }),
    wholeBounds(size),
  );
  const start = low.map(Math.floor);
  return { start, size: high.map((h, a) => Math.ceil(h) - start[a] + 1).slice(0, dims) };
}

/**
 * Refuses a map that turns a cell of neighbouring indices inside out, where the inverse leads: there two
 * positions lead to one.
 */
function requireUnfolded(map: ContinuousMap, { size, start }: Block): void {
  const dims = size.length;
  const sign = Math.sign(determinant(columnsOf(matricesOf(map).matrix, dims)));
  let here = locateAll(map, slabOf(size, 0, start), dims);
  for (let at = 1; at < size[dims - 1]; at++) {
    const next = locateAll(map, slabOf(size, at, start), dims);
    requireSlab(here, next, size.slice(0, -1), sign);
    here = next;
  }
}

/** Looks at the cells between two slabs, whose indices run over `size`. */
function requireSlab(
  here: Float64Array,
  next: Float64Array,
  size: readonly number[],
  sign: number,
): void {
  const dims = size.length + 1;
  const [nx, ny = 1] = size;
  for (let cell = 0; cell < nx * ny; cell++) {
    if (cell % nx === nx - 1 || (size.length === 2 && cell >= nx * (ny - 1))) continue;
    const at = cell * dims;
    const step = (from: Float64Array, behind: number): readonly number[] =>
      Array.from({ length: dims }, (_, r) => from[at + behind * dims + r] - here[at + r]);
    const columns = [step(here, 1), ...(dims === 3 ? [step(here, nx)] : []), step(next, 0)];
    if (determinant(columns) * sign > 0) continue;
    throw noInverse(here.subarray(at, at + dims).map(Math.round), 'the map folds there');
  }
}

const columnsOf = (matrix: Float64Array, dims: number): readonly (readonly number[])[] =>
  Array.from({ length: dims }, (_, c) =>
    Array.from({ length: dims }, (__, r) => matrix[r * (dims + 1) + c]),
  );

function determinant(columns: readonly (readonly number[])[]): number {
  const [a, b, c] = columns;
  if (c === undefined) return a[0] * b[1] - a[1] * b[0];
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

const noInverse = (voxel: ArrayLike<number>, why: string): HostError =>
  new HostError('NOT_EXPRESSIBLE', {
    what: `the inverse at voxel [${Array.from(voxel)}]`,
    reason: `does not exist: ${why}`,
    remedy: 'use a smaller or smoother displacement',
  });
