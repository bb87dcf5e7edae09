import type { AffineMap, FieldMap, IndexMap } from '@voxhost/sdk';
import {
  OUTSIDE_BUFFER,
  OUTSIDE_EDGE,
  OUTSIDE_ZERO,
  STEP_AFFINE,
  STEP_BYTES,
  STEP_FIELD,
  STEP_KIND,
  STEP_LATTICE,
  STEP_LATTICE_COMPONENT,
  STEP_LATTICE_PLANE,
  STEP_LATTICE_ROW,
  STEP_LATTICE_SIZE,
  STEP_LATTICE_WIDE,
  STEP_LOOKUP,
  STEP_MATRIX,
  STEP_ORDER,
  STEP_OUTSIDE,
  STEP_VECTORS,
} from './job-layout.js';

const OUTSIDE = { zero: OUTSIDE_ZERO, buffer: OUTSIDE_BUFFER, edge: OUTSIDE_EDGE } as const;

/** The members of a map, applied first to last; none for points, which are mapped already. */
export function stepsOf(map: IndexMap): readonly (AffineMap | FieldMap)[] {
  switch (map.kind) {
    case 'affine':
    case 'field':
      return [map];
    case 'sequence':
      return map.maps;
    case 'points':
      return [];
    default:
      return map satisfies never;
  }
}

export const stepBytes = (count: number): number => count * STEP_BYTES;

/** Writes one step; a map of pictures becomes one of volumes whose z stays 0. */
export function encodeStep(view: DataView, map: AffineMap | FieldMap, lattice: number): void {
  writeMatrix(view, STEP_MATRIX, map.matrix, 4);
  view.setInt32(STEP_KIND, map.kind === 'affine' ? STEP_AFFINE : STEP_FIELD, true);
  if (map.kind === 'affine') return;
  view.setInt32(STEP_ORDER, map.lattice.order, true);
  view.setInt32(STEP_OUTSIDE, OUTSIDE[map.lattice.outside], true);
  view.setUint32(STEP_LATTICE, lattice, true);
  view.setInt32(STEP_LATTICE_WIDE, map.lattice.data.BYTES_PER_ELEMENT === 8 ? 1 : 0, true);
  const [x, y, z = 1] = map.lattice.size;
  for (const [axis, n] of [x, y, z].entries()) view.setInt32(STEP_LATTICE_SIZE + 4 * axis, n, true);
  view.setUint32(STEP_LATTICE_ROW, x, true);
  view.setUint32(STEP_LATTICE_PLANE, x * y, true);
  view.setUint32(STEP_LATTICE_COMPONENT, x * y * z, true);
  writeMatrix(view, STEP_VECTORS, map.vectors, 3);
  writeMatrix(view, STEP_LOOKUP, map.lookup, 4);
}

/** Row-major 3 × columns; of a D × D or D × (D+1) matrix the last column stays last where there are four. */
function writeMatrix(view: DataView, at: number, matrix: Float64Array, columns: 3 | 4): void {
  const isPicture = matrix.length === (columns === 4 ? 6 : 4);
  const dims = isPicture ? 2 : 3;
  const width = columns === 4 ? dims + 1 : dims;
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < columns; column++) {
      const isOffset = columns === 4 && column === 3;
      const from = isOffset ? width - 1 : column;
      const exists = row < dims && (isOffset || column < dims);
      view.setFloat64(
        at + 8 * (row * columns + column),
        exists ? matrix[row * width + from] : 0,
        true,
      );
    }
  }
}
