import { JOB_INTERPOLATOR, NEAREST } from '../src/job-layout';
import { LINE, LINE_TERMS, RUN, STRETCH, STRETCH_PLACE } from './scratch';

// What a stretch is placed with: three addresses, three steps, then the first four positions of each axis.
const ORIGIN: usize = 0;
const ROW: usize = 4;
const PLANE: usize = 8;
const STEP: usize = 12;
const FIRST: usize = 32;

/** Bits of a fast position after the point: nine before it tell where in the view of a stretch it lies. */
const BITS: i32 = 23;
const ONE: f64 = 8388608;
/** 1.5 · 2^52: added to a number it leaves no place for a fraction. */
const WHOLE: f64 = 6755399441055744;
/** Samples along an axis that a stretch may pass. */
const LONGEST: f64 = 500;
/**
 * Units of 2^-23 within which of a tie a fast position may fall on the wrong side: the step from voxel to voxel, rounded
 * to half a unit, is added 256 times.
 */
const DOUBT: i32 = 132;
/** Terms of a position up to which rounding in float64 stays far below a unit. */
const TAME: f64 = 262144;

/**
 * Copies, for n voxels of a straight row from index x on, the sample nearest to each, as it is: all bits of its `T`. Index
 * (0, 0, 0) lies at `origin`, rows and planes so many bytes apart.
 *
 * Limited by the number of instructions: 20 to place four voxels in fixed point, 3 to copy one. A stretch with a position
 * near a tie is placed again, in float64 and in the order of the sdk's maps.
 */
function nearestRow<T>(
  job: usize, scratch: usize, x: f64, n: i32, out: usize, origin: usize, row: usize, plane: usize,
): void {
  const most = stretchLength(scratch, x, n);
  for (let k = 0; k < n; k += most) {
    const count = min(most, n - k);
    if (most < 8 || !placeQuickly<T>(scratch, x + <f64>k, count, origin, row, plane)) {
      placeExactly<T>(job, scratch, x + <f64>k, count, origin, row, plane);
    }
    copySamples<T>(scratch + STRETCH_PLACE, count, out + <usize>k * sizeof<T>());
  }
}

/** The same of samples of so many bytes. */
export function copyNearest(
  job: usize, scratch: usize, bytes: usize, x: f64, n: i32, out: usize, origin: usize, row: usize, plane: usize,
): void {
  if (bytes == 1) nearestRow<u8>(job, scratch, x, n, out, origin, row, plane);
  else if (bytes == 2) nearestRow<u16>(job, scratch, x, n, out, origin, row, plane);
  else if (bytes == 4) nearestRow<u32>(job, scratch, x, n, out, origin, row, plane);
  else nearestRow<u64>(job, scratch, x, n, out, origin, row, plane);
}

@inline
export function copySamples<T>(at: usize, n: i32, out: usize): void {
  const end = at + ((<usize>n & ~3) << 2);
  while (at < end) {
    const a = load<T>(load<usize>(at));
    const b = load<T>(load<usize>(at, 4));
    const c = load<T>(load<usize>(at, 8));
    const d = load<T>(load<usize>(at, 12));
    store<T>(out, a);
    store<T>(out, b, sizeof<T>());
    store<T>(out, c, 2 * sizeof<T>());
    store<T>(out, d, 3 * sizeof<T>());
    at += 16;
    out += 4 * sizeof<T>();
  }
  for (let k = n & 3; k > 0; k--) {
    store<T>(out, load<T>(load<usize>(at)));
    at += 4;
    out += sizeof<T>();
  }
}

/** Voxels that can be placed quickly at once, a multiple of eight; fewer than eight where none can. */
function stretchLength(scratch: usize, x: f64, n: i32): i32 {
  if (!isTame(scratch, x, n)) return 4;
  const steepest = Math.max(
    Math.abs(load<f64>(scratch, LINE)), Math.max(Math.abs(load<f64>(scratch, LINE + 16)), Math.abs(load<f64>(scratch, LINE + 32))));
  return steepest * <f64>STRETCH < LONGEST ? STRETCH : <i32>(LONGEST / steepest) & -8;
}

/** Is every term of every position along the row small? */
function isTame(scratch: usize, x: f64, n: i32): bool {
  const most = Math.max(Math.abs(x), Math.abs(x + <f64>n));
  for (let axis: usize = 0; axis < 3; axis++) {
    const terms = scratch + LINE_TERMS + axis * 24;
    const sum = Math.abs(load<f64>(scratch + axis * 16, LINE)) * most + Math.abs(load<f64>(terms))
      + Math.abs(load<f64>(terms, 8)) + Math.abs(load<f64>(terms, 16));
    if (!(sum < TAME)) return false;
  }
  return true;
}

/** Addresses of the nearest samples. False where one of them is in doubt. */
@inline
function placeQuickly<T>(scratch: usize, x: f64, n: i32, origin: usize, row: usize, plane: usize): bool {
  const size: i32 = sizeof<T>();
  let start = <i32>origin;
  start += openAxis(scratch, 0, x, n) * size;
  start += openAxis(scratch, 1, x, n) * <i32>row;
  start += openAxis(scratch, 2, x, n) * <i32>plane;
  store<i32>(scratch + RUN, start, ORIGIN);
  store<i32>(scratch + RUN, <i32>row, ROW);
  store<i32>(scratch + RUN, <i32>plane, PLANE);
  // What is loaded stays in registers; what is computed, the compiler would move into the loop.
  const base = v128.load_splat<u32>(scratch + RUN, ORIGIN);
  const rows = v128.load_splat<u32>(scratch + RUN, ROW);
  const planes = v128.load_splat<u32>(scratch + RUN, PLANE);
  const sx = v128.load_splat<u32>(scratch + RUN, STEP);
  const sy = v128.load_splat<u32>(scratch + RUN, STEP + 4);
  const sz = v128.load_splat<u32>(scratch + RUN, STEP + 8);
  let px = v128.load(scratch + RUN, FIRST);
  let py = v128.load(scratch + RUN, FIRST + 16);
  let pz = v128.load(scratch + RUN, FIRST + 32);
  let least = i32x4.splat(-1);
  let at = scratch + STRETCH_PLACE;
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const across = i32x4.shr_u(px, BITS);
    const yz = i32x4.add(i32x4.mul(i32x4.shr_u(py, BITS), rows), i32x4.mul(i32x4.shr_u(pz, BITS), planes));
    v128.store(at, i32x4.add(i32x4.add(base, size == 1 ? across : i32x4.shl(across, ctz(size))), yz));
    const nearest = i32x4.min_u(i32x4.shl(px, 32 - BITS), i32x4.min_u(i32x4.shl(py, 32 - BITS), i32x4.shl(pz, 32 - BITS)));
    least = i32x4.min_u(least, nearest);
    px = i32x4.add(px, sx);
    py = i32x4.add(py, sy);
    pz = i32x4.add(pz, sz);
  }
  return !v128.any_true(i32x4.lt_u(least, i32x4.splat((2 * DOUBT) << (32 - BITS))));
}

/** The positions of the first four voxels along an axis, plus a half and the doubt, and four times the step; answers the index they count from. */
@inline
function openAxis(scratch: usize, axis: usize, x: f64, n: i32): i32 {
  const slope = load<f64>(scratch + axis * 16, LINE);
  const first = slope * x + load<f64>(scratch + axis * 16, LINE + 8) + 0.5;
  // Half a sample or more before all of them, those that fill the last vector included.
  const least = (slope < 0 ? first + slope * <f64>(n + 3) : first) - 1 + WHOLE;
  const at = whole((first - (least - WHOLE)) * ONE + WHOLE) + DOUBT;
  const step = whole(slope * ONE + WHOLE);
  const ramp = i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3));
  v128.store(scratch + RUN + axis * 16, i32x4.add(i32x4.splat(at), ramp), FIRST);
  store<i32>(scratch + RUN + axis * 4, step << 2, STEP);
  return whole(least);
}

/** The low word of a number to which WHOLE was added: what it was, rounded. */
@inline
function whole(x: f64): i32 {
  return <i32>reinterpret<i64>(x);
}

/** The same of all: positions summed in the order of the sdk's maps, and rounded as it says. */
function placeExactly<T>(
  job: usize, scratch: usize, x: f64, n: i32, origin: usize, row: usize, plane: usize,
): void {
  const up = load<i32>(job, JOB_INTERPOLATOR) == NEAREST;
  for (let k = 0; k < n; k += 4) {
    let place = i32x4.splat(<i32>origin);
    for (let axis: usize = 0; axis < 3; axis++) {
      const apart = axis == 0 ? sizeof<T>() : axis == 1 ? row : plane;
      const a = exactIndex(scratch, axis, f64x2.replace_lane(f64x2.splat(x + <f64>k), 1, x + <f64>(k + 1)), up);
      const b = exactIndex(scratch, axis, f64x2.replace_lane(f64x2.splat(x + <f64>(k + 2)), 1, x + <f64>(k + 3)), up);
      place = i32x4.add(place, i32x4.mul(v128.shuffle<i64>(a, b, 0, 2), i32x4.splat(<i32>apart)));
    }
    v128.store(scratch + STRETCH_PLACE + ((<usize>k) << 2), place);
  }
}

@inline
function exactIndex(scratch: usize, axis: usize, x: v128, up: bool): v128 {
  const terms = scratch + LINE_TERMS + axis * 24;
  let sum = f64x2.mul(v128.load_splat<u64>(scratch + LINE + axis * 16), x);
  sum = f64x2.add(sum, v128.load_splat<u64>(terms));
  sum = f64x2.add(sum, v128.load_splat<u64>(terms + 8));
  sum = f64x2.add(sum, v128.load_splat<u64>(terms + 16));
  const rounded = up ? f64x2.floor(f64x2.add(sum, f64x2.splat(0.5))) : f64x2.nearest(sum);
  return i32x4.trunc_sat_f64x2_s_zero(rounded);
}
