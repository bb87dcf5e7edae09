import type { Grid } from '@voxhost/sdk';
import { faultIn } from './bad-file.js';

/**
 * The affine of the first three axes, of formats whose fourth axis is one of space. That axis must be plain:
 * apart from the others, or the frames would not lie on one grid.
 *
 * @param columns - direction of each axis, unit vectors
 */
export function plainAxes(
  columns: readonly (readonly number[])[],
  { spacing, origin }: { readonly spacing: readonly number[]; readonly origin: readonly number[] },
  field: string,
): { affine: Float64Array; frameSpacing: number } {
  const dims = Math.min(3, columns.length);
  const mixed = columns.some((column, a) => column.some((v, r) => a < 3 !== r < 3 && v !== 0));
  if (mixed) throw faultIn(field, 'turns the fourth axis into space');
  const affine = new Float64Array(dims * (dims + 1));
  for (let r = 0; r < dims; r++) {
    for (let c = 0; c < dims; c++) affine[r * (dims + 1) + c] = columns[c][r] * spacing[c];
    affine[r * (dims + 1) + dims] = origin[r];
  }
  return { affine, frameSpacing: spacing[3] ?? 1 };
}

/** The grid's axes as columns, with a plain fourth axis for frames if wanted. */
export function withFrames(
  grid: Grid,
  frames: number | undefined,
  frameSpacing: number,
): {
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly columns: readonly (readonly number[])[];
} {
  const dims = grid.size.length;
  const columns = grid.size.map((_, c) => grid.size.map((_, r) => grid.direction[r * dims + c]));
  if (frames === undefined) return { ...grid, columns };
  return {
    size: [...grid.size, frames],
    spacing: [...grid.spacing, frameSpacing],
    origin: [...grid.origin, 0],
    columns: [...columns.map((column) => [...column, 0]), [...grid.size.map(() => 0), 1]],
  };
}
