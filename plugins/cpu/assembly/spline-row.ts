import { STEP_LATTICE_SIZE, STEP_LOOKUP, STEP_MATRIX, STEP_ORDER, STEP_VECTORS } from '../src/job-layout';
import { base, locate } from './field-point';
import { REDUCED_AXIS } from './lattice-row';
import { LINE, POSITION, POSITION_AXIS, TABLE } from './scratch';

/** Cells per voxel up to which a cell's cubic pays: two voxels share it. */
const MOST_CELLS: f64 = 0.5;
/** Four coefficients of the cubic of each axis, in the part of TABLE that no reduced row takes. */
const CUBIC: usize = TABLE + 3 * REDUCED_AXIS;

/** Do several voxels of a row along the lattice share the cell of a cubic B-spline? */
export function isCubic(step: usize): bool {
  return load<i32>(step, STEP_ORDER) == 3 && Math.abs(load<f64>(step, STEP_LOOKUP)) <= MOST_CELLS;
}

/**
 * Positions of n voxels of a row at y, z, the first with index x, from the reduced row, whose first column is `from`: in each
 * cell the lattice adds a cubic in the distance from the cell's start. LINE has the affine part.
 *
 * Limited by the operations, 11 for two voxels on an axis; a cell's cubics cost some 60 more.
 */
export function cubicRow(
  step: usize, scratch: usize, x: f64, y: f64, z: f64, n: i32, from: i32,
): void {
  const slope = load<f64>(step, STEP_LOOKUP);
  const offset = base(step + STEP_LOOKUP, y, z);
  const last = load<i32>(step, STEP_LATTICE_SIZE) - 3;
  const reduced = scratch + TABLE - ((<usize>from) << 3);
  for (let i = 0; i < n;) {
    const at = slope * (x + <f64>i) + offset;
    const cell = Math.floor(at);
    const end = endOfCell(slope, offset, x, cell, i, n);
    if (cell >= 1 && cell <= <f64>last) {
      makeCubics(step, scratch, reduced + (<usize>(<i32>cell - 1) << 3));
      for (let axis: usize = 0; axis < 3; axis++) alongCubic(step, scratch, axis, x, i, end, cell, slope, offset);
    } else {
      for (let k = i; k < end; k++) {
        locate(step, scratch, k, x + <f64>k, y, z, slope * (x + <f64>k) + offset, true, reduced);
      }
    }
    i = end;
  }
}

/** The first voxel after i that is in another cell; they are in order, since rounding never changes one. */
function endOfCell(slope: f64, offset: f64, x: f64, cell: f64, i: i32, n: i32): i32 {
  const bound = slope > 0 ? cell + 1 : cell;
  const estimate = (bound - offset) / slope - x;
  let end = estimate > <f64>i && estimate < <f64>n ? <i32>estimate : n;
  while (end > i + 1 && Math.floor(slope * (x + <f64>(end - 1)) + offset) != cell) end--;
  end = max(end, i + 1);
  while (end < n && Math.floor(slope * (x + <f64>end) + offset) == cell) end++;
  return end;
}

/** The cubics of the cell whose four columns begin at c: vectors · Σ w_k(t) c_k, w the uniform cubic B-spline, in powers of t. */
function makeCubics(step: usize, scratch: usize, c: usize): void {
  const sixth: f64 = 1.0 / 6.0;
  for (let axis: usize = 0; axis < 3; axis++) {
    let c0: f64 = 0;
    let c1: f64 = 0;
    let c2: f64 = 0;
    let c3: f64 = 0;
    for (let component: usize = 0; component < 3; component++) {
      const v = load<f64>(step + STEP_VECTORS + axis * 24 + (component << 3));
      if (v == 0) continue;
      const column = c + component * REDUCED_AXIS;
      c0 += v * load<f64>(column);
      c1 += v * load<f64>(column, 8);
      c2 += v * load<f64>(column, 16);
      c3 += v * load<f64>(column, 24);
    }
    const into = scratch + CUBIC + (axis << 5);
    store<f64>(into, (c0 + c2 + 4 * c1) * sixth);
    store<f64>(into, (c2 - c0) * 0.5, 8);
    store<f64>(into, (c0 + c2) * 0.5 - c1, 16);
    store<f64>(into, (c3 - c0 + 3 * (c1 - c2)) * sixth, 24);
  }
}

/** Voxels i to end on one axis, two at a time: what is written past the end is written again by the next cell. */
function alongCubic(
  step: usize, scratch: usize, axis: usize, x: f64, i: i32, end: i32, cell: f64, slope: f64, offset: f64,
): void {
  const cubic = scratch + CUBIC + (axis << 5);
  const a0 = v128.load_splat<u64>(cubic);
  const a1 = v128.load_splat<u64>(cubic, 8);
  const a2 = v128.load_splat<u64>(cubic, 16);
  const a3 = v128.load_splat<u64>(cubic, 24);
  const row = load<f64>(step + STEP_MATRIX + axis * 32);
  const start = load<f64>(scratch + LINE + axis * 16);
  let at = x + <f64>i;
  let p = scratch + POSITION + axis * POSITION_AXIS + ((<usize>i) << 3);
  for (const past = p + ((<usize>(end - i)) << 3); p < past; p += 16) {
    const xs = f64x2.replace_lane(f64x2.splat(at), 1, at + 1);
    const t = f64x2.sub(f64x2.add(f64x2.mul(f64x2.splat(slope), xs), f64x2.splat(offset)), f64x2.splat(cell));
    let sum = f64x2.add(f64x2.mul(a3, t), a2);
    sum = f64x2.add(f64x2.mul(sum, t), a1);
    sum = f64x2.add(f64x2.mul(sum, t), a0);
    const straight = f64x2.add(f64x2.mul(f64x2.splat(row), xs), f64x2.splat(start));
    v128.store(p, f64x2.add(straight, sum));
    at += 2;
  }
}
