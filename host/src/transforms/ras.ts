import { type AffineMap, affineMap } from '@voxhost/sdk';
import type { Viewport } from '../lazy/viewport.js';
import { bad } from './define.js';

/** Rows of a D × D matrix whose columns are the physical vectors of index axes. */
export type Rows = readonly (readonly number[])[];

/** RAS and LPS differ by the signs of x and y. */
const turn = (rows: Rows): Rows => rows.map((row, r) => (r < 2 ? row.map((v) => 0 - v) : row));

/** Columns of the viewport's frame, in RAS millimetres. */
export function rasRows(viewport: Viewport): Rows {
  const dims = viewport.extent.length;
  const { matrix } = viewport.frame;
  return turn(
    Array.from({ length: dims }, (_, r) => [
      ...matrix.slice(r * (dims + 1), r * (dims + 1) + dims),
    ]),
  );
}

/** RAS rows as LPS rows. */
export const fromRas = (rows: Rows): Rows => turn(rows);

/** The LPS frame of a homogeneous RAS affine, of as many or more dimensions. Throws `BAD_ARGUMENT`. */
export function frameOfRas(affine: Rows, dims: number): AffineMap {
  const last = affine.length - 1;
  if (last < dims || affine.some((row) => row.length !== last + 1)) {
    throw bad('dst_affine', `is not ${dims + 1} rows of ${dims + 1} numbers`);
  }
  const rows = turn(affine.slice(0, dims).map((row) => [...row.slice(0, dims), row[last]]));
  return affineMap(rows.flat());
}

/** The viewport's frame as a homogeneous RAS affine. */
export function rasAffine({ frame, extent }: Viewport): Rows {
  const dims = extent.length;
  const rows = extent.map((_, r) => [
    ...frame.matrix.subarray(r * (dims + 1), (r + 1) * (dims + 1)),
  ]);
  return [...turn(rows), Array.from({ length: dims + 1 }, (_, c) => (c === dims ? 1 : 0))];
}

/** Length of each column. */
export const lengthsOf = (rows: Rows): readonly number[] =>
  rows.map((_, c) => Math.hypot(...rows.map((row) => row[c])));

/** Perpendicular unit columns in the same order (Gram-Schmidt from the first): the rotation without the shear. */
export function squared(rows: Rows): Rows {
  const columns: number[][] = [];
  for (const c of rows.keys()) {
    const column = rows.map((row) => row[c]);
    for (const done of columns) {
      const share = done.reduce((sum, v, r) => sum + v * column[r], 0);
      for (const r of column.keys()) column[r] -= share * done[r];
    }
    const length = Math.hypot(...column);
    columns.push(column.map((v) => v / length));
  }
  return rows.map((_, r) => columns.map((column) => column[r]));
}
