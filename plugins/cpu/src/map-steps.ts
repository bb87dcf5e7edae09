import type { AffineMap, FieldMap, Lattice } from '@voxhost/sdk';
import { type IndexBox, wholeBox } from './bricks/index-box.js';
import {
  OUTSIDE_BUFFER,
  OUTSIDE_EDGE,
  OUTSIDE_ZERO,
  STEP_AFFINE,
  STEP_BYTES,
  STEP_FIELD,
  STEP_KIND,
  STEP_LATTICE,
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

export const stepBytes = (count: number): number => count * STEP_BYTES;

/** A lattice in the workers' memory. */
export interface LatticePart {
  readonly address: number;
  /** What of each component is there; absent: all. */
  readonly box?: IndexBox;
}

/** Writes one step, with its lattice if it has one; a map of pictures becomes one of volumes whose z stays 0. */
export function encodeStep(
  view: DataView,
  map: AffineMap | FieldMap,
  part: LatticePart | undefined,
): void {
  writeMatrix(view, STEP_MATRIX, map.matrix, 4);
  view.setInt32(STEP_KIND, map.kind === 'affine' ? STEP_AFFINE : STEP_FIELD, true);
  if (map.kind === 'affine' || part === undefined) return;
  encodeLattice(view, map.lattice, part);
  writeMatrix(view, STEP_VECTORS, map.vectors, 3);
  writeMatrix(view, STEP_LOOKUP, map.lookup, 4);
}

function encodeLattice(view: DataView, lattice: Lattice, part: LatticePart): void {
  const { data, order, outside, size } = lattice;
  const [x, y, z] = [...(part.box ?? wholeBox(size)), ...wholeBox([1])];
  const strides = [x.count, x.count * y.count, x.count * y.count * z.count];
  const skipped = x.first + strides[0] * y.first + strides[1] * z.first;
  view.setInt32(STEP_ORDER, order, true);
  view.setInt32(STEP_OUTSIDE, OUTSIDE[outside], true);
  view.setInt32(STEP_LATTICE, part.address - skipped * data.BYTES_PER_ELEMENT, true);
  view.setInt32(STEP_LATTICE_WIDE, data.BYTES_PER_ELEMENT === 8 ? 1 : 0, true);
  for (let axis = 0; axis < 3; axis++) {
    view.setInt32(STEP_LATTICE_SIZE + 4 * axis, size[axis] ?? 1, true);
    view.setInt32(STEP_LATTICE_ROW + 4 * axis, strides[axis], true);
  }
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
