import {
  type ContinuousMap,
  evaluate,
  type Grid,
  requireGrid,
  sequenceMap,
  VoxhostError,
} from '@voxhost/sdk';
import { numbers, requireArgument } from '@voxhost/sdk/arguments';
import { indexToPoint, inOrder, physicalMap, physicalToIndex } from './physical-maps.js';
import { dimensionsOf, type Transform } from './transform.js';
import { requireTransform } from './transform-problem.js';

/**
 * Where does a voxel of the output look in the input? `input⁻¹ ∘ transform ∘ output`, folded: every linear
 * transform is one matrix, and a B-spline or field between matrices is one field.
 * Throws `BAD_ARGUMENT` when the dimensions differ.
 */
export function toIndexMap(transform: Transform, output: Grid, input: Grid): ContinuousMap {
  assertSameDimensions(transform, output, input);
  const maps = inOrder(transform).map(physicalMap);
  return sequenceMap([indexToPoint(output), ...maps, physicalToIndex(input)]);
}

export function assertSameDimensions(transform: Transform, output: Grid, input: Grid): void {
  requireTransform(transform);
  requireGrid(output);
  requireGrid(input);
  const dims = [output.size.length, input.size.length];
  if (transform.kind !== 'composite' || transform.members.length > 0) {
    dims.push(...inOrder(transform).map(dimensionsOf));
  }
  if (dims.every((d) => d === dims[0])) return;
  const reason = `works in other dimensions than its grids or members: ${dims.join(', ')}`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'transform', reason });
}

/** Where a transform takes one physical point. */
export function transformPoint(transform: Transform, point: ArrayLike<number>): Float64Array {
  const maps = inOrder(transform).map(physicalMap);
  requireArgument('point', point, numbers);
  return maps.length === 0 ? Float64Array.from(point) : evaluate(sequenceMap(maps), point);
}
