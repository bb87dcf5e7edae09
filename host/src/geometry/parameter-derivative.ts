import {
  type AffineMap,
  evaluate,
  type FieldMap,
  type Grid,
  type IndexMap,
  indexToPhysical,
  pointsMap,
  pullback,
  requireGrid,
  VoxhostError,
} from '@voxhost/sdk';
import { float64, having, object, requireArgument } from '@voxhost/sdk/arguments';
import { linearMatrixSlope } from './linear.js';
import {
  indexToPoint,
  inOrder,
  physicalMap,
  physicalToIndex,
  type SingleTransform,
} from './physical-maps.js';
import { assertSameDimensions, toIndexMap } from './to-index-map.js';
import type { LinearTransform, Transform } from './transform.js';
import { requireTransform } from './transform-problem.js';

/** The grids on both sides of a transform. */
export interface GridPair {
  /** Whose points the transform takes: the fixed image's, or the output's. */
  readonly output: Grid;
  /** Where it takes them: the moving image's, or the input's. */
  readonly input: Grid;
}

const GRIDS = having({ output: object, input: object });

function requireGrids(grids: GridPair): void {
  requireArgument('grids', grids, GRIDS);
  requireGrid(grids.output);
  requireGrid(grids.input);
}

/** A map to run, and the way back from its derivative to that of the transform's parameters. */
export interface DifferentiableMap {
  readonly map: IndexMap;
  /** Derivative by the transform's parameters from that by the map's free parameters. */
  readonly toParameters: (byMap: Float64Array) => Float64Array;
}

/**
 * A transform as a map whose derivative reaches all its parameters. One transform keeps its own form; a
 * composite becomes the positions of `points`, since folding would lose the parameters of its members.
 *
 * @param points - samples of the output's index space (x y z, ...), those that the run will be asked for
 * @param looksAround - the positions of a composite also carry the map that they come from
 */
export function differentiableMap(
  transform: Transform,
  grids: GridPair,
  points: Float64Array,
  looksAround = false,
): DifferentiableMap {
  requireTransform(transform);
  requireGrids(grids);
  requireArgument('points', points, float64);
  if (transform.kind === 'composite') {
    const found = differentiableComposite(transform, grids, points);
    if (!looksAround || found.map.kind !== 'points') return found;
    const of = toIndexMap(transform, grids.output, grids.input);
    return { ...found, map: pointsMap(found.map.positions, of) };
  }
  const map = toIndexMap(transform, grids.output, grids.input);
  return { map, toParameters: (byMap) => parameterDerivative(transform, grids, byMap) };
}

/**
 * The chain rule from the map of `toIndexMap` to the parameters of one transform. A B-spline's coefficients and
 * a field's vectors are the map's own, in millimetres; a matrix M = input⁻¹ · T · output gives
 * ∂L/∂p = Σ (input⁻ᵀ · ∂L/∂M · outputᵀ) ∘ ∂T/∂p. Throws `BAD_ARGUMENT` for a composite, see `differentiableMap`.
 */
export function parameterDerivative(
  transform: Transform,
  grids: GridPair,
  byMap: Float64Array,
): Float64Array {
  requireTransform(transform);
  requireGrids(grids);
  requireArgument('byMap', byMap, float64);
  switch (transform.kind) {
    case 'composite': {
      const reason = 'is a composite, whose map has not the parameters of its members';
      throw new VoxhostError('BAD_ARGUMENT', { argument: 'transform', reason });
    }
    case 'bspline':
    case 'displacement-field':
      requireLength(byMap, transform.parameters.length);
      return byMap.slice();
    default: {
      requireLength(byMap, transform.dims * (transform.dims + 1));
      return linearDerivative(transform, byPhysicalMatrix(grids, byMap));
    }
  }
}

function requireLength(byMap: Float64Array, wanted: number): void {
  if (byMap.length === wanted) return;
  const reason = `has ${byMap.length} numbers where the map has ${wanted} parameters`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'byMap', reason });
}

/** ∂L/∂T from ∂L/∂M of M = input⁻¹ · T · output, all D × (D+1) with [0 … 0 1] below. */
function byPhysicalMatrix({ output, input }: GridPair, byMap: Float64Array): Float64Array {
  const dims = output.size.length;
  const before = indexToPhysical(output);
  const after = physicalToIndex(input).matrix;
  const result = new Float64Array(byMap.length);
  for (let r = 0; r < dims; r++) {
    for (let c = 0; c <= dims; c++) {
      let sum = 0;
      for (let k = 0; k < dims; k++) {
        sum += after[k * (dims + 1) + r] * rowTimesOutput(byMap, before, [k, c]);
      }
      result[r * (dims + 1) + c] = sum;
    }
  }
  return result;
}

/** Element (k, c) of ∂L/∂M · outputᵀ; output's last row is [0 … 0 1]. */
function rowTimesOutput(
  byMap: Float64Array,
  output: Float64Array,
  [k, c]: readonly [number, number],
): number {
  const width = byMap.length === 6 ? 3 : 4;
  if (c === width - 1) return byMap[k * width + c];
  let sum = 0;
  for (let j = 0; j < width; j++) sum += byMap[k * width + j] * output[c * width + j];
  return sum;
}

function linearDerivative(transform: LinearTransform, byMatrix: Float64Array): Float64Array {
  return Float64Array.from(transform.parameters, (_, k) =>
    linearMatrixSlope(transform, k).reduce((sum, v, i) => sum + v * byMatrix[i], 0),
  );
}

function differentiableComposite(
  transform: Transform,
  { output, input }: GridPair,
  points: Float64Array,
): DifferentiableMap {
  assertSameDimensions(transform, output, input);
  const members = inOrder(transform);
  const maps = [indexToPoint(output), ...members.map(physicalMap), physicalToIndex(input)];
  const map = pointsMap(positionsOf(maps, points));
  const unfolded = { kind: 'sequence', maps } as const;
  const toParameters = (byMap: Float64Array): Float64Array => {
    const byMember = pullback(unfolded, points, byMap);
    return concatenate(members.map((member, m) => ofMember(member, byMember[m + 1])));
  };
  return { map, toParameters };
}

function positionsOf(maps: readonly (AffineMap | FieldMap)[], points: Float64Array): Float64Array {
  const dims = maps[0].matrix.length === 6 ? 2 : 3;
  const positions = points.slice();
  for (let at = 0; at < points.length; at += dims) {
    const here = positions.subarray(at, at + dims);
    for (const map of maps) here.set(evaluate(map, here));
  }
  return positions;
}

const ofMember = (member: SingleTransform, byMap: Float64Array): Float64Array =>
  member.kind === 'bspline' || member.kind === 'displacement-field'
    ? byMap
    : linearDerivative(member, byMap);

/** Parameters of a composite in ITK's order: those of the transform that is applied first, first. */
function concatenate(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
