import { type AffineMap, type ContinuousMap, fieldMap, type Lattice } from '@voxhost/sdk';
import type { DeclaredSampling, SpatialPending } from '../lazy/pending.js';
import { moved, type Viewport } from '../lazy/viewport.js';

/** Where a field's vectors and lookup differ from the identity. */
export interface FieldPlacement {
  /** Output index to lattice index. */
  readonly lookup?: Float64Array;
}

/**
 * x -> around(x + u(x)): a displacement in voxels of the output, then a matrix. The frame follows the
 * matrix alone, since a field has no frame.
 */
export function displaced(
  viewport: Viewport,
  around: { readonly map: AffineMap; readonly extent: readonly number[] },
  lattice: Lattice,
  options: FieldPlacement & { readonly sampling: DeclaredSampling },
): SpatialPending {
  const { sampling, lookup } = options;
  const dims = viewport.extent.length;
  const vectors = around.map.matrix.filter((_, i) => i % (dims + 1) !== dims);
  const map: ContinuousMap = fieldMap({
    matrix: around.map.matrix,
    vectors,
    lattice,
    ...(lookup && { lookup }),
  });
  return { kind: 'spatial', map, sampling, after: moved(viewport, around.map, around.extent) };
}
