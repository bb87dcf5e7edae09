import {
  JOB_DIMS, JOB_START, OUTSIDE_BUFFER, OUTSIDE_ZERO, STEP_LATTICE_SIZE,
  STEP_LOOKUP, STEP_MATRIX, STEP_ORDER, STEP_OUTSIDE, STEP_VECTORS,
} from '../src/job-layout';
import { placeOnLattice, reduceRow, REDUCED_AXIS } from './lattice-row';
import { LINE, POSITION, POSITION_AXIS, TABLE } from './scratch';

/** Lattice cells per voxel up to which a chunk's part of a lattice row fits its table. */
const MOST_CELLS: f64 = 64;

/** Does a row of output voxels stay in a row of the lattice, so that the taps along y and z are the same for all? */
export function isAlongLattice(step: usize): bool {
  return load<f64>(step + 32, STEP_LOOKUP) == 0 && load<f64>(step + 64, STEP_LOOKUP) == 0
    && Math.abs(load<f64>(step, STEP_LOOKUP)) <= MOST_CELLS;
}

/**
 * Positions of n voxels of a row: matrix · x + vectors · u(lookup · x). Along a row of the lattice the taps of y and z are
 * summed once, which leaves 4 taps of 3 components to a voxel, not 64. Limited by those and the weights; for a dense
 * field by reading its 3 values per voxel from memory.
 */
export function fieldRow(job: usize, step: usize, scratch: usize, x: i32, y: i32, z: i32, n: i32): void {
  const row = <f64>y + <f64>load<i32>(job, JOB_START + 4);
  const slice = <f64>z + <f64>load<i32>(job, JOB_START + 8);
  const first = <f64>x + <f64>load<i32>(job, JOB_START);
  const slope = load<f64>(step, STEP_LOOKUP);
  const offset = base(step + STEP_LOOKUP, row, slice);
  const dims = load<i32>(job, JOB_DIMS);
  const onLattice = placeOnLattice(
    step, scratch, base(step + STEP_LOOKUP + 32, row, slice), base(step + STEP_LOOKUP + 64, row, slice), dims);
  let from = 0;
  if (onLattice) {
    const a = firstTapOf(step, slope * first + offset);
    const b = firstTapOf(step, slope * (first + <f64>(n - 1)) + offset);
    from = min(a, b);
    reduceRow(step, scratch, from, max(a, b) + load<i32>(step, STEP_ORDER) + 1 - from, dims);
  }
  const reduced = scratch + TABLE - ((<usize>from) << 3);
  for (let axis: usize = 0; axis < 3; axis++) {
    store<f64>(scratch + axis * 16, base(step + STEP_MATRIX + axis * 32, row, slice), LINE);
  }
  const inside = f64x2.splat(<f64>(load<i32>(step, STEP_LATTICE_SIZE) - 2));
  const lead = load<i32>(step, STEP_ORDER) == 1 ? 0 : 1;
  for (let i = 0; i < n; i += 2) {
    const at = first + <f64>i;
    const xs = f64x2.replace_lane(f64x2.splat(at), 1, at + 1);
    const u = f64x2.add(f64x2.mul(f64x2.splat(slope), xs), f64x2.splat(offset));
    const cell = f64x2.floor(u);
    // Both in cells whose taps are all on the lattice: no rule about its outside applies.
    const low = f64x2.ge(cell, f64x2.splat(<f64>lead));
    const high = f64x2.le(cell, f64x2.sub(inside, f64x2.splat(<f64>lead)));
    if (onLattice && i64x2.all_true(v128.and(low, high))) {
      locatePair(step, scratch, i, xs, u, cell, reduced - (<usize>lead << 3));
      continue;
    }
    locate(step, scratch, i, at, row, slice, slope * at + offset, onLattice, reduced);
    if (i + 1 < n) locate(step, scratch, i + 1, at + 1, row, slice, slope * (at + 1) + offset, onLattice, reduced);
  }
}

/** Replaces n positions in the same way, each with taps of its own: the same sums in the same order, so the same bits. */
export function fieldStep(job: usize, step: usize, scratch: usize, n: i32): void {
  const dims = load<i32>(job, JOB_DIMS);
  for (let i = 0; i < n; i++) {
    const p = scratch + POSITION + ((<usize>i) << 3);
    const x = load<f64>(p);
    const y = load<f64>(p, POSITION_AXIS);
    const z = load<f64>(p, 2 * POSITION_AXIS);
    const at = line(step + STEP_LOOKUP, x, y, z);
    const onLattice = placeOnLattice(
      step, scratch, line(step + STEP_LOOKUP + 32, x, y, z), line(step + STEP_LOOKUP + 64, x, y, z), dims);
    const from = firstTapOf(step, at);
    if (onLattice) reduceRow(step, scratch, from, load<i32>(step, STEP_ORDER) + 1, dims);
    locate(step, scratch, i, x, y, z, at, onLattice, scratch + TABLE - ((<usize>from) << 3));
  }
}

/** (m1 · y + m2 · z) + m3 of a row of a matrix. */
@inline
function base(m: usize, y: f64, z: f64): f64 {
  return load<f64>(m, 8) * y + load<f64>(m, 16) * z + load<f64>(m, 24);
}

@inline
function line(m: usize, x: f64, y: f64, z: f64): f64 {
  return load<f64>(m) * x + base(m, y, z);
}

/** The cell of a lattice position; the last is closed. */
@inline
function cellOf(at: f64, n: i32): f64 {
  return at == <f64>(n - 1) && n > 1 ? <f64>(n - 2) : Math.floor(at);
}

/** First tap along x, so far off the lattice at most that all taps are its edge. */
@inline
function firstTapOf(step: usize, at: f64): i32 {
  const n = load<i32>(step, STEP_LATTICE_SIZE);
  const taps = load<i32>(step, STEP_ORDER) + 1;
  const first = cellOf(at, n) - <f64>(taps / 2 - 1);
  return first >= <f64>-taps ? (first < <f64>n ? <i32>first : n - 1) : -taps;
}

/** Position i: its affine part, and the vector that the reduced row is worth at `at`. */
@inline
function locate(
  step: usize, scratch: usize, i: i32, x: f64, y: f64, z: f64, at: f64, onLattice: bool, reduced: usize,
): void {
  let ux: f64 = 0;
  let uy: f64 = 0;
  let uz: f64 = 0;
  const n = load<i32>(step, STEP_LATTICE_SIZE);
  const t = at - cellOf(at, n);
  if (onLattice && isOnRow(step, at, t, n)) {
    const r = reduced + ((<usize>firstTapOf(step, at)) << 3);
    const s = 1 - t;
    if (load<i32>(step, STEP_ORDER) == 1) {
      ux = s * load<f64>(r) + t * load<f64>(r, 8);
      uy = s * load<f64>(r + REDUCED_AXIS) + t * load<f64>(r + REDUCED_AXIS, 8);
      uz = s * load<f64>(r + 2 * REDUCED_AXIS) + t * load<f64>(r + 2 * REDUCED_AXIS, 8);
    } else {
      const a = f64x2.replace_lane(f64x2.splat(s * s * s), 1, t * t * (3 * t - 6) + 4);
      const b = f64x2.replace_lane(f64x2.splat(s * s * (3 * s - 6) + 4), 1, t * t * t);
      ux = fourTaps(r, a, b);
      uy = fourTaps(r + REDUCED_AXIS, a, b);
      uz = fourTaps(r + 2 * REDUCED_AXIS, a, b);
    }
  }
  const p = scratch + POSITION + ((<usize>i) << 3);
  for (let axis: usize = 0; axis < 3; axis++) {
    const v = step + STEP_VECTORS + axis * 24;
    const moved = load<f64>(v) * ux + load<f64>(v, 8) * uy + load<f64>(v, 16) * uz;
    store<f64>(p + axis * POSITION_AXIS, line(step + STEP_MATRIX + axis * 32, x, y, z) + moved);
  }
}

/** The same of voxels i and i + 1, the operations of `locate` in the same order, a voxel to a lane. */
@inline
function locatePair(step: usize, scratch: usize, i: i32, xs: v128, u: v128, cell: v128, reduced: usize): void {
  const index = i32x4.trunc_sat_f64x2_s_zero(cell);
  const a = reduced + (<usize>i32x4.extract_lane(index, 0) << 3);
  const b = reduced + (<usize>i32x4.extract_lane(index, 1) << 3);
  const t = f64x2.sub(u, cell);
  const s = f64x2.sub(f64x2.splat(1), t);
  let ux: v128;
  let uy: v128;
  let uz: v128;
  if (load<i32>(step, STEP_ORDER) == 1) {
    ux = twoTapsOfPair(a, b, s, t);
    uy = twoTapsOfPair(a + REDUCED_AXIS, b + REDUCED_AXIS, s, t);
    uz = twoTapsOfPair(a + 2 * REDUCED_AXIS, b + 2 * REDUCED_AXIS, s, t);
  } else {
    const w0 = f64x2.mul(f64x2.mul(s, s), s);
    const w1 = middleWeight(t);
    const w2 = middleWeight(s);
    const w3 = f64x2.mul(f64x2.mul(t, t), t);
    ux = fourTapsOfPair(a, b, w0, w1, w2, w3);
    uy = fourTapsOfPair(a + REDUCED_AXIS, b + REDUCED_AXIS, w0, w1, w2, w3);
    uz = fourTapsOfPair(a + 2 * REDUCED_AXIS, b + 2 * REDUCED_AXIS, w0, w1, w2, w3);
  }
  const p = scratch + POSITION + ((<usize>i) << 3);
  for (let axis: usize = 0; axis < 3; axis++) {
    const v = step + STEP_VECTORS + axis * 24;
    const xy = f64x2.add(f64x2.mul(v128.load_splat<u64>(v), ux), f64x2.mul(v128.load_splat<u64>(v + 8), uy));
    const moved = f64x2.add(xy, f64x2.mul(v128.load_splat<u64>(v + 16), uz));
    const straight = f64x2.add(
      f64x2.mul(v128.load_splat<u64>(step + STEP_MATRIX + axis * 32), xs), v128.load_splat<u64>(scratch + LINE + axis * 16));
    v128.store(p + axis * POSITION_AXIS, f64x2.add(straight, moved));
  }
}

/** 4 - 6t² + 3t³ */
@inline
function middleWeight(t: v128): v128 {
  const rest = f64x2.sub(f64x2.mul(f64x2.splat(3), t), f64x2.splat(6));
  return f64x2.add(f64x2.mul(f64x2.mul(t, t), rest), f64x2.splat(4));
}

@inline
function twoTapsOfPair(a: usize, b: usize, s: v128, t: v128): v128 {
  const first = v128.load(a);
  const second = v128.load(b);
  return f64x2.add(
    f64x2.mul(s, v128.shuffle<f64>(first, second, 0, 2)), f64x2.mul(t, v128.shuffle<f64>(first, second, 1, 3)));
}

@inline
function fourTapsOfPair(a: usize, b: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const a0 = v128.load(a);
  const b0 = v128.load(b);
  const a2 = v128.load(a, 16);
  const b2 = v128.load(b, 16);
  const even = f64x2.add(
    f64x2.mul(v128.shuffle<f64>(a0, b0, 0, 2), w0), f64x2.mul(v128.shuffle<f64>(a2, b2, 0, 2), w2));
  const odd = f64x2.add(
    f64x2.mul(v128.shuffle<f64>(a0, b0, 1, 3), w1), f64x2.mul(v128.shuffle<f64>(a2, b2, 1, 3), w3));
  return f64x2.mul(f64x2.add(even, odd), f64x2.splat(1.0 / 6.0));
}

/** Is the lattice worth anything at `at` along x? */
@inline
function isOnRow(step: usize, at: f64, t: f64, n: i32): bool {
  const outside = load<i32>(step, STEP_OUTSIDE);
  if (outside == OUTSIDE_BUFFER) return at >= -0.5 && at < <f64>n - 0.5;
  if (outside != OUTSIDE_ZERO) return true;
  const cell = cellOf(at, n);
  // The last tap of a cell weighs nothing at its start, the first nothing at its end.
  if (load<i32>(step, STEP_ORDER) == 1) return (cell >= 0 || t == 1) && (cell < <f64>(n - 1) || t == 0) && cell >= -1 && cell < <f64>n;
  return (cell >= 1 || (cell == 0 && t == 1)) && (cell <= <f64>(n - 3) || (cell == <f64>(n - 2) && t == 0));
}

/** Sixths of the weights times four coefficients. */
@inline
function fourTaps(r: usize, a: v128, b: v128): f64 {
  const sum = f64x2.add(f64x2.mul(v128.load(r), a), f64x2.mul(v128.load(r, 16), b));
  return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) * (1.0 / 6.0);
}
