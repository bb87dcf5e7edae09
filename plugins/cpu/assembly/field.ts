import {
  JOB_DIMS, JOB_START, OUTSIDE_BUFFER, OUTSIDE_ZERO, STEP_LATTICE_SIZE,
  STEP_LOOKUP, STEP_MATRIX, STEP_ORDER, STEP_OUTSIDE, STEP_VECTORS,
} from '../src/job-layout';
import { denseRow, isDense } from './dense-row';
import { base, firstTapOf, line, locate } from './field-point';
import { placeOnLattice, reduceRow, REDUCED_AXIS } from './lattice-row';
import { cubicRow, isCubic } from './spline-row';
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
  const alongY = base(step + STEP_LOOKUP + 32, row, slice);
  const alongZ = base(step + STEP_LOOKUP + 64, row, slice);
  for (let axis: usize = 0; axis < 3; axis++) {
    store<f64>(scratch + axis * 16, base(step + STEP_MATRIX + axis * 32, row, slice), LINE);
  }
  if (dims == 3 && isDense(step, first + offset, alongY, alongZ, n)) {
    return denseRow(step, scratch, first, n, first + offset, alongY, alongZ);
  }
  const onLattice = placeOnLattice(step, scratch, alongY, alongZ, dims);
  let from = 0;
  if (onLattice) {
    const a = firstTapOf(step, slope * first + offset);
    const b = firstTapOf(step, slope * (first + <f64>(n - 1)) + offset);
    from = min(a, b);
    const columns = max(a, b) + load<i32>(step, STEP_ORDER) + 1 - from;
    reduceRow(step, scratch, from, columns, dims);
    if (isCubic(step)) return cubicRow(step, scratch, first, row, slice, n, from);
  }
  const reduced = scratch + TABLE - ((<usize>from) << 3);
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

