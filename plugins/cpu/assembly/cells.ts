import { STEP_MATRIX, STEP_ORDER, STEP_VECTORS } from '../src/job-layout';
import { COLUMN_ROW, MOST_COLUMNS, ROWS_END } from './lattice-row';
import { LINE, POSITION, POSITION_AXIS } from './scratch';

// In each cell of a reduced row a field adds to each coordinate a function of the distance t from the cell's start: a cubic, or the mean of
// the columns at its ends. One set of formulas for rows and for positions by themselves, so that both have the same bits.

/** Of x y z the cubics' coefficients, four rows of powers of t, or one row of columns; in a row a float64 for each cell. */
export const CELLS: usize = ROWS_END;
const CELL_AXIS: usize = 4 * COLUMN_ROW;
/** The same of one position. */
export const POINT_CELLS: usize = CELLS + 3 * CELL_AXIS;
/** Of each voxel the distance from its cell's start, float64, and the place of the cell in a row of coefficients, uint32. */
export const MOST_VOXELS: i32 = 1024;
export const DISTANCE: usize = POINT_CELLS + 3 * CELL_AXIS;
export const PLACE: usize = DISTANCE + <usize>(MOST_VOXELS + 8) * 8;
/** Place of a cell whose coefficients are 0. */
export const NO_CELL: u32 = <u32>MOST_COLUMNS << 3;

/** What followCells reads of the first `count` cells of a reduced row: vectors · u, of cubics in powers of t. */
export function makeCells(step: usize, reduced: usize, cells: usize, count: i32): void {
  const isCubic = load<i32>(step, STEP_ORDER) == 3;
  for (let axis: usize = 0; axis < 3; axis++) {
    const v = step + STEP_VECTORS + axis * 24;
    const into = cells + axis * CELL_AXIS;
    for (let k: usize = 0; k < 4; k++) v128.store(into + k * COLUMN_ROW + NO_CELL, i64x2.splat(0));
    // One more of order 1, whose cells have the columns at both of their ends.
    for (let cell: usize = 0; cell <= <usize>count; cell += 2) {
      const column = reduced + (cell << 3);
      const c0 = alongAxis(v, column);
      if (isCubic) storeCubic(c0, alongAxis(v, column + 8), alongAxis(v, column + 16), alongAxis(v, column + 24), into + (cell << 3));
      else v128.store(into + (cell << 3), c0);
    }
  }
}

/** Two columns' components on an axis. */
@inline
function alongAxis(v: usize, column: usize): v128 {
  const x = f64x2.mul(v128.load_splat<u64>(v), v128.load(column));
  const y = f64x2.mul(v128.load_splat<u64>(v, 8), v128.load(column, COLUMN_ROW));
  return f64x2.add(f64x2.add(x, y), f64x2.mul(v128.load_splat<u64>(v, 16), v128.load(column, 2 * COLUMN_ROW)));
}

/** Σ w_k(t) c_k, w the uniform cubic B-spline. */
@inline
function storeCubic(c0: v128, c1: v128, c2: v128, c3: v128, into: usize): void {
  const sixth = f64x2.splat(1.0 / 6.0);
  const half = f64x2.splat(0.5);
  const outer = f64x2.add(c0, c2);
  v128.store(into, f64x2.mul(f64x2.add(outer, f64x2.mul(f64x2.splat(4), c1)), sixth));
  v128.store(into, f64x2.mul(f64x2.sub(c2, c0), half), COLUMN_ROW);
  v128.store(into, f64x2.sub(f64x2.mul(outer, half), c1), 2 * COLUMN_ROW);
  const inner = f64x2.mul(f64x2.splat(3), f64x2.sub(c1, c2));
  v128.store(into, f64x2.mul(f64x2.add(f64x2.sub(c3, c0), inner), sixth), 3 * COLUMN_ROW);
}

/**
 * Positions of n voxels of a row, the first with index x and number `first` among those that have a DISTANCE and a PLACE: the affine part, of
 * which LINE has what x does not change, and the polynomials.
 *
 * Limited by loads, 12 of coefficients for a voxel, since each may be in a cell of its own; no branch waits for where cells end.
 */
export function followCells(step: usize, scratch: usize, x: f64, first: usize, n: i32): void {
  if (load<i32>(step, STEP_ORDER) == 3) follow<f64>(step, scratch, x, first, n);
  else follow<f32>(step, scratch, x, first, n);
}

/** With P = f64 of order 3, else 1. */
@inline
function follow<P>(step: usize, scratch: usize, x: f64, first: usize, n: i32): void {
  const cells = scratch + CELLS;
  const slopeX = v128.load_splat<u64>(step, STEP_MATRIX);
  const slopeY = v128.load_splat<u64>(step, STEP_MATRIX + 32);
  const slopeZ = v128.load_splat<u64>(step, STEP_MATRIX + 64);
  const startX = v128.load_splat<u64>(scratch, LINE);
  const startY = v128.load_splat<u64>(scratch, LINE + 16);
  const startZ = v128.load_splat<u64>(scratch, LINE + 32);
  let xs = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let distance = scratch + DISTANCE + (first << 3);
  let place = scratch + PLACE + (first << 2);
  let p = scratch + POSITION;
  const end = p + (<usize>n << 3);
  do {
    const a = cells + load<usize>(place);
    const b = cells + load<usize>(place, 4);
    const t = v128.load(distance);
    v128.store(p, f64x2.add(f64x2.add(f64x2.mul(slopeX, xs), startX), moved<P>(a, b, t)));
    const y = f64x2.add(f64x2.mul(slopeY, xs), startY);
    v128.store(p, f64x2.add(y, moved<P>(a + CELL_AXIS, b + CELL_AXIS, t)), POSITION_AXIS);
    const z = f64x2.add(f64x2.mul(slopeZ, xs), startZ);
    v128.store(p, f64x2.add(z, moved<P>(a + 2 * CELL_AXIS, b + 2 * CELL_AXIS, t)), 2 * POSITION_AXIS);
    xs = f64x2.add(xs, f64x2.splat(2));
    distance += 16;
    place += 8;
    p += 16;
  } while (p < end);
}

/** What the cell of one position adds, on an axis, at the distance t. */
export function movedAt(step: usize, scratch: usize, axis: usize, t: f64): f64 {
  const cell = scratch + POINT_CELLS + axis * CELL_AXIS;
  const ts = f64x2.splat(t);
  const sum = load<i32>(step, STEP_ORDER) == 3 ? moved<f64>(cell, cell, ts) : moved<f32>(cell, cell, ts);
  return f64x2.extract_lane(sum, 0);
}

/** What the cells at a and b add at the distances t. */
@inline
function moved<P>(a: usize, b: usize, t: v128): v128 {
  if (sizeof<P>() == 4) {
    const c = v128.load(a);
    const d = v128.load(b);
    const s = f64x2.sub(f64x2.splat(1), t);
    return f64x2.add(f64x2.mul(s, v128.shuffle<f64>(c, d, 0, 2)), f64x2.mul(t, v128.shuffle<f64>(c, d, 1, 3)));
  }
  const a0 = v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
  const a1 = v128.load_lane<u64>(b, v128.load_zero<u64>(a, COLUMN_ROW), 1, COLUMN_ROW);
  const a2 = v128.load_lane<u64>(b, v128.load_zero<u64>(a, 2 * COLUMN_ROW), 1, 2 * COLUMN_ROW);
  const a3 = v128.load_lane<u64>(b, v128.load_zero<u64>(a, 3 * COLUMN_ROW), 1, 3 * COLUMN_ROW);
  const high = f64x2.add(f64x2.mul(a3, t), a2);
  return f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(high, t), a1), t), a0);
}
