import type { AffineMap, ContinuousMap } from '@voxhost/sdk';
import {
  affineMap,
  evaluate,
  fieldMap,
  invertAffine,
  jacobian,
  locateAll,
  mapDimensions,
  outputIndices,
  then,
  voxelCount,
} from '@voxhost/sdk';
import { HostError } from '../errors.js';

/** Steps of the fixed-point iteration; each shrinks the error by the field's Lipschitz constant. */
const FIXED_POINT_STEPS = 40;

/** Steps of Newton's iteration for what the fixed point leaves. */
const NEWTON_STEPS = 40;

/** Largest last step, in voxels, of a position that counts as found: far below the promised 1e-3. */
const FOUND = 1e-5;

/** Distance, in voxels, at which the sign of the volume is looked at. */
const PROBE = 1e-3;

/**
 * The map that undoes `map` at every voxel of `size`, the grid it will be run on. A matrix is inverted as a
 * matrix. Anything else becomes one field with a vector for every voxel, each found by the iteration
 * x <- x + A⁻¹ (y - map(x)), A being the map's matrices alone (Chen et al., Med. Phys. 35, 2008), then
 * Newton's. Throws `NOT_EXPRESSIBLE` naming a voxel where the map folds or is not reached.
 */
export function invertMap(map: ContinuousMap, size: readonly number[]): ContinuousMap {
  if (map.kind === 'affine') return invertAffine(map);
  const dims = mapDimensions(map);
  const inverse = invertAffine(matricesOf(map));
  const count = voxelCount(size);
  const data = new Float64Array(count * dims);
  const depth = size[dims - 1];
  const rows = count / depth;
  for (let slice = 0; slice < depth; slice++) {
    const start = size.map((_, a) => (a === dims - 1 ? slice : 0));
    const block = { size: size.map((n, a) => (a === dims - 1 ? 1 : n)), start };
    const targets = outputIndices(block, dims);
    const found = solve(map, inverse, targets);
    requireUnfolded(map, found, targets);
    const straight = locateAll(inverse, { points: targets }, dims);
    for (let i = 0; i < found.length; i++) {
      const row = Math.floor(i / dims);
      data[(i % dims) * count + slice * rows + row] = found[i] - straight[i];
    }
  }
  return fieldMap({ matrix: inverse.matrix, lattice: { size, order: 1, outside: 'edge', data } });
}

/** The map without its fields. */
function matricesOf(map: ContinuousMap): AffineMap {
  const members = map.kind === 'sequence' ? map.maps : [map];
  const matrices = members.map(({ matrix }) => affineMap(matrix));
  return matrices.reduce((all, next) => then(all, next) as AffineMap);
}

/** Positions that the map takes to the targets. */
function solve(map: ContinuousMap, inverse: AffineMap, targets: Float64Array): Float64Array {
  const dims = mapDimensions(map);
  const positions = locateAll(inverse, { points: targets }, dims);
  let active = Uint32Array.from({ length: positions.length / dims }, (_, i) => i);
  for (let step = 0; step < FIXED_POINT_STEPS && active.length > 0; step++) {
    active = fixedPointStep({ map, inverse, targets }, positions, active);
  }
  for (const point of active) newton(map, positions, targets, point);
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
  for (const [i, point] of points.entries()) {
    gathered.set(positions.subarray(point * dims, (point + 1) * dims), i * dims);
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

/** Refuses positions about which the map turns space inside out, by the volume of small steps along the axes. */
function requireUnfolded(map: ContinuousMap, positions: Float64Array, targets: Float64Array): void {
  const dims = mapDimensions(map);
  const sign = Math.sign(volume(matricesOf(map), positions.subarray(0, dims)));
  const steps = Array.from({ length: dims }, (_, axis) => {
    const moved = positions.map((v, i) => (i % dims === axis ? v + PROBE : v));
    return locateAll(map, { points: moved }, dims);
  });
  const here = locateAll(map, { points: positions }, dims);
  for (let at = 0; at < positions.length; at += dims) {
    const columns = steps.map((step) =>
      Array.from({ length: dims }, (_, r) => step[at + r] - here[at + r]),
    );
    if (determinant(columns) * sign > 0) continue;
    throw noInverse(targets.subarray(at, at + dims), 'the map folds there');
  }
}

function volume(map: AffineMap, point: Float64Array): number {
  const dims = point.length;
  const derivative = jacobian(map, point);
  return determinant(
    Array.from({ length: dims }, (_, c) =>
      Array.from({ length: dims }, (__, r) => derivative[r * dims + c]),
    ),
  );
}

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
