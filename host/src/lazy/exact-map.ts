import type { IndexMap } from '@voxhost/sdk';

/** Along one output axis: `source[axis] = sign · output + shift`. */
export interface AxisRule {
  readonly axis: number;
  readonly sign: 1 | -1;
  readonly shift: number;
}

/**
 * Largest distance, in voxels, by which a map may miss whole indices anywhere in the output and still be
 * taken for exact: what a chain of float64 matrices leaves at indices up to 10^4, far below what any
 * pixel type can show.
 */
const EXACT_TOLERANCE = 1e-9;

/**
 * The rule of each output axis if the map is an identity, integer crop, pad, flip or axis permutation over
 * the whole of `size`, else undefined. The error is judged at the far corner, so it cannot grow with the extent.
 */
export function exactRules(
  map: IndexMap,
  size: readonly number[],
): readonly AxisRule[] | undefined {
  if (map.kind !== 'affine') return undefined;
  const dims = size.length;
  const rules: (AxisRule | undefined)[] = Array(dims).fill(undefined);
  for (let row = 0; row < dims; row++) {
    const found = rowRule(map.matrix.subarray(row * (dims + 1), (row + 1) * (dims + 1)), size);
    if (found === undefined || rules[found.column] !== undefined) return undefined;
    rules[found.column] = { axis: row, sign: found.sign, shift: found.shift };
  }
  return rules as readonly AxisRule[];
}

function rowRule(
  row: Float64Array,
  size: readonly number[],
): { column: number; sign: 1 | -1; shift: number } | undefined {
  const dims = size.length;
  const column = row.subarray(0, dims).findIndex((value) => Math.abs(value) > 0.5);
  if (column < 0) return undefined;
  const sign = row[column] > 0 ? 1 : -1;
  const offset = row[dims] ?? 0;
  const shift = Math.round(offset);
  let error = Math.abs(offset - shift);
  for (let c = 0; c < dims; c++) {
    const wanted = c === column ? sign : 0;
    error += Math.abs(row[c] - wanted) * Math.max(size[c] - 1, 1);
  }
  return error <= EXACT_TOLERANCE ? { column, sign, shift } : undefined;
}

/** Is every axis of the input a function of one axis of the output, so that weights separate? */
export function isSeparable(matrix: Float64Array, dims: number): boolean {
  for (let row = 0; row < dims; row++) {
    const entries = matrix.subarray(row * (dims + 1), row * (dims + 1) + dims);
    if (entries.reduce((n, value) => n + (value === 0 ? 0 : 1), 0) > 1) return false;
  }
  return true;
}
