import { JOB_INTERPOLATOR, NEAREST } from '../src/job-layout';
import { LINE, LINE_TERMS, OFFSET } from './scratch';
import { MAGIC, MAGIC_WORD } from './split';
import { viewOrigin, viewPlane, viewRow } from './view';

/** Units of 2^-32 within which of a tie a fast position may fall on the wrong side: it is rounded twice, to half a unit. */
const DOUBT: i32 = 4;
/** Terms of a position up to which rounding in float64 stays far below that unit. */
const TAME: f64 = 262144;

/**
 * Copies, for n voxels of a straight row from index x on, the sample nearest to each, as it is: all bits of its `T`.
 * The view is the source itself.
 *
 * Limited by the number of instructions, 40 to place four voxels, then 3 to copy one; beyond the cache by the lines that
 * it meets, in a rotation each of another row. Positions near a tie are computed again, in the order of the sdk's maps.
 */
export function nearestRow<T>(job: usize, scratch: usize, x: f64, n: i32, out: usize): void {
  if (isTame(scratch, x, n)) placeQuickly<T>(job, scratch, x, n);
  else for (let k = 0; k < n; k += 4) placeExactly<T>(job, scratch, x + <f64>k, scratch + OFFSET + ((<usize>k) << 2));
  let at = scratch + OFFSET;
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

/** Addresses of the nearest samples, eight at a time: what is used once per turn, the compiler would move into the loop. */
function placeQuickly<T>(job: usize, scratch: usize, x: f64, n: i32): void {
  const row = viewRow(scratch) * sizeof<T>();
  const plane = viewPlane(scratch) * sizeof<T>();
  const origin = i32x4.splat(<i32>(viewOrigin(scratch) - <usize>MAGIC_WORD * (sizeof<T>() + row + plane)));
  const rows = i32x4.splat(<i32>row);
  const planes = i32x4.splat(<i32>plane);
  const sx = v128.load_splat<u64>(scratch + LINE);
  const sy = v128.load_splat<u64>(scratch + LINE + 16);
  const sz = v128.load_splat<u64>(scratch + LINE + 32);
  const ox = f64x2.splat(load<f64>(scratch + LINE + 8) + (MAGIC + 0.5));
  const oy = f64x2.splat(load<f64>(scratch + LINE + 24) + (MAGIC + 0.5));
  const oz = f64x2.splat(load<f64>(scratch + LINE + 40) + (MAGIC + 0.5));
  const two = f64x2.splat(2);
  let p = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let at = scratch + OFFSET;
  for (let k = 0; k < n; k += 8) {
    let q = f64x2.add(p, two);
    if (placeFour<T>(p, q, sx, ox, sy, oy, sz, oz, rows, planes, origin, at)) placeExactly<T>(job, scratch, x + <f64>k, at);
    p = f64x2.add(q, two);
    q = f64x2.add(p, two);
    if (placeFour<T>(p, q, sx, ox, sy, oy, sz, oz, rows, planes, origin, at + 16)) placeExactly<T>(job, scratch, x + <f64>(k + 4), at + 16);
    p = f64x2.add(q, two);
    at += 32;
  }
}

/** Is one of the four near a tie? */
@inline
function placeFour<T>(
  p: v128, q: v128, sx: v128, ox: v128, sy: v128, oy: v128, sz: v128, oz: v128, rows: v128, planes: v128, origin: v128,
  at: usize,
): bool {
  const x0 = f64x2.add(f64x2.mul(sx, p), ox);
  const x1 = f64x2.add(f64x2.mul(sx, q), ox);
  const y0 = f64x2.add(f64x2.mul(sy, p), oy);
  const y1 = f64x2.add(f64x2.mul(sy, q), oy);
  const z0 = f64x2.add(f64x2.mul(sz, p), oz);
  const z1 = f64x2.add(f64x2.mul(sz, q), oz);
  const yz = i32x4.add(i32x4.mul(words(y0, y1), rows), i32x4.mul(words(z0, z1), planes));
  const across = sizeof<T>() == 1 ? words(x0, x1) : i32x4.shl(words(x0, x1), <i32>ctz(sizeof<T>()));
  v128.store(at, i32x4.add(i32x4.add(origin, across), yz));
  const doubt = i32x4.splat(DOUBT);
  const nearest = i32x4.min_u(
    i32x4.add(lows(x0, x1), doubt), i32x4.min_u(i32x4.add(lows(y0, y1), doubt), i32x4.add(lows(z0, z1), doubt)));
  return v128.any_true(i32x4.eq(i32x4.max_u(nearest, i32x4.splat(2 * DOUBT)), i32x4.splat(2 * DOUBT)));
}

@inline
function words(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

@inline
function lows(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** Addresses of four voxels from index x on: positions summed in the order of the sdk's maps, and rounded as it says. */
function placeExactly<T>(job: usize, scratch: usize, x: f64, at: usize): void {
  const up = load<i32>(job, JOB_INTERPOLATOR) == NEAREST;
  let place = i32x4.splat(<i32>viewOrigin(scratch));
  for (let axis: usize = 0; axis < 3; axis++) {
    const step = axis == 0 ? 1 : axis == 1 ? viewRow(scratch) : viewPlane(scratch);
    const a = exactIndex(scratch, axis, f64x2.replace_lane(f64x2.splat(x), 1, x + 1), up);
    const b = exactIndex(scratch, axis, f64x2.replace_lane(f64x2.splat(x + 2), 1, x + 3), up);
    place = i32x4.add(place, i32x4.mul(v128.shuffle<i64>(a, b, 0, 2), i32x4.splat(step * <i32>sizeof<T>())));
  }
  v128.store(at, place);
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
