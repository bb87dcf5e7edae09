import {
  type AffineMap,
  affineMap,
  type FieldMap,
  fieldMap,
  type Grid,
  indexToPhysical,
  invertAffine,
} from '@voxhost/sdk';
import { linearMatrix } from './linear.js';
import type { CompositeTransform, Transform } from './transform.js';
import { requireTransform } from './transform-problem.js';

/** A transform that is no composite. */
export type SingleTransform = Exclude<Transform, CompositeTransform>;

/** The members of a transform in the order they are applied. Throws `BAD_ARGUMENT` for what is no transform. */
export function inOrder(transform: Transform): readonly SingleTransform[] {
  requireTransform(transform);
  return transform.kind === 'composite' ? transform.members.toReversed() : [transform];
}

/** A transform as a map from physical point to physical point; a map knows no units. */
export function physicalMap(transform: SingleTransform): AffineMap | FieldMap {
  switch (transform.kind) {
    case 'bspline':
      return latticeMap(transform.grid, transform.parameters, { order: 3, outside: 'zero' });
    case 'displacement-field':
      return latticeMap(transform.grid, transform.parameters, { order: 1, outside: 'buffer' });
    default:
      return affineMap(linearMatrix(transform));
  }
}

function latticeMap(
  grid: Grid,
  data: Float32Array | Float64Array,
  kind: { readonly order: 1 | 3; readonly outside: 'zero' | 'buffer' },
): FieldMap {
  const lookup = physicalToIndex(grid).matrix;
  return fieldMap({ lookup, lattice: Object.freeze({ size: grid.size, data, ...kind }) });
}

/** Index of a grid -> physical point. */
export const indexToPoint = (grid: Grid): AffineMap => affineMap(indexToPhysical(grid));

/** Physical point -> index of a grid. */
export const physicalToIndex = (grid: Grid): AffineMap => invertAffine(indexToPoint(grid));
