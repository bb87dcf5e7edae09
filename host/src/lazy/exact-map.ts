import type { IndexMap, Interpolator } from '@voxhost/sdk';

/** Along one output axis: `source[axis] = step · output + shift`. */
export interface AxisRule {
  readonly axis: number;
  /** Whole and not 0; negative runs backwards. */
  readonly step: number;
  readonly shift: number;
}

/**
 * Largest distance, in voxels, by which a map may miss whole indices anywhere in the output and still be
 * taken for exact: what a chain of float64 matrices leaves at indices up to 10^4, far below what any
 * pixel type can show.
 */
const EXACT_TOLERANCE = 1e-9;

/**
 * The rule of each output axis if every output voxel is a voxel of the input under the map (identity, crop, pad,
 * flip, axis permutation, whole stride) over the whole of `size`, else undefined. The error is judged at the far
 * corner, so it cannot grow with the extent.
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
    rules[found.column] = { axis: row, step: found.step, shift: found.shift };
  }
  return rules as readonly AxisRule[];
}

function rowRule(
  row: Float64Array,
  size: readonly number[],
): { column: number; step: number; shift: number } | undefined {
  const dims = size.length;
  const column = row.subarray(0, dims).findIndex((value) => Math.abs(value) > 0.5);
  if (column < 0) return undefined;
  const step = Math.round(row[column]);
  const offset = row[dims] ?? 0;
  const shift = Math.round(offset);
  let error = Math.abs(offset - shift);
  for (let c = 0; c < dims; c++) {
    const wanted = c === column ? step : 0;
    error += Math.abs(row[c] - wanted) * Math.max(size[c] - 1, 1);
  }
  return error <= EXACT_TOLERANCE ? { column, step, shift } : undefined;
}

/** Does an interpolator give a voxel's own value at the voxel? B-splines of unfiltered samples smooth. */
export const keepsVoxels = (interpolator: Interpolator): boolean => !interpolator.endsWith('-raw');

/** Is every axis of the input a function of one axis of the output, so that weights separate? */
export function isSeparable(matrix: Float64Array, dims: number): boolean {
  for (let row = 0; row < dims; row++) {
    const entries = matrix.subarray(row * (dims + 1), row * (dims + 1) + dims);
    if (entries.reduce((n, value) => n + (value === 0 ? 0 : 1), 0) > 1) return false;
  }
  return true;
}
