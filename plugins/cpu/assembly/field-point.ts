import {
  OUTSIDE_BUFFER, OUTSIDE_ZERO, STEP_LATTICE_SIZE, STEP_LOOKUP, STEP_MATRIX, STEP_ORDER, STEP_OUTSIDE, STEP_VECTORS,
} from '../src/job-layout';
import { REDUCED_AXIS } from './lattice-row';
import { POSITION, POSITION_AXIS } from './scratch';

/** (m1 · y + m2 · z) + m3 of a row of a matrix. */
@inline
export function base(m: usize, y: f64, z: f64): f64 {
  return load<f64>(m, 8) * y + load<f64>(m, 16) * z + load<f64>(m, 24);
}

@inline
export function line(m: usize, x: f64, y: f64, z: f64): f64 {
  return load<f64>(m) * x + base(m, y, z);
}

/** The cell of a lattice position; the last is closed. */
@inline
function cellOf(at: f64, n: i32): f64 {
  return at == <f64>(n - 1) && n > 1 ? <f64>(n - 2) : Math.floor(at);
}

/** First tap along x, so far off the lattice at most that all taps are its edge. */
@inline
export function firstTapOf(step: usize, at: f64): i32 {
  const n = load<i32>(step, STEP_LATTICE_SIZE);
  const taps = load<i32>(step, STEP_ORDER) + 1;
  const first = cellOf(at, n) - <f64>(taps / 2 - 1);
  return first >= <f64>-taps ? (first < <f64>n ? <i32>first : n - 1) : -taps;
}

/** Position i: its affine part, and the vector that the reduced row is worth at `at`. */
export function locate(
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
