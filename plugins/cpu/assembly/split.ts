import { JOB_INTERPOLATOR, JOB_WIDE, LINEAR, NEAREST } from '../src/job-layout';
import {
  FRACTION, FRACTION_AXIS, INDEX, INDEX_AXIS, POSITION, POSITION_AXIS,
} from './scratch';
import { cellShift, firstTap } from './taps';

/**
 * 1.5 · 2^20: added to |x| < 2^19 it leaves floor(x) in the high word of the sum and the fraction, rounded
 * to 2^-32, in the low word. One addition instead of floor, truncation and subtraction; index error 2^-33.
 */
export const MAGIC: f64 = 1572864;
/** High word of MAGIC. */
export const MAGIC_WORD: i32 = 0x41380000;
/** Positions from here on are brought near the samples first: the split holds 20 bits. */
export const FAR: f64 = 500000;
/** 2^-31: the low word is halved so that it converts as a signed number. */
export const UNIT: f32 = 4.656612873077393e-10;

/** Takes n positions apart: index of the first tap, distance from the start of the cell. */
export function split(job: usize, scratch: usize, n: i32): void {
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  const wide = load<i32>(job, JOB_WIDE);
  const first = firstTap(interpolator);
  const half = interpolator < LINEAR ? 0 : cellShift(interpolator);
  for (let axis: usize = 0; axis < 3; axis++) {
    const p = scratch + POSITION + axis * POSITION_AXIS;
    const i = scratch + INDEX + axis * INDEX_AXIS;
    const t = scratch + FRACTION + axis * FRACTION_AXIS;
    repeatLast(p, n);
    if (interpolator < LINEAR) round(p, i, n, interpolator == NEAREST);
    else if (wide) splitWide(p, i, t, n, half, first);
    else splitNarrow(p, i, t, n, half, first);
  }
}

/** Fills the group of four that n ends in, so that whatever is computed there stays within the samples. */
@inline
function repeatLast(p: usize, n: i32): void {
  const last = load<f64>(p + ((<usize>(n - 1)) << 3));
  for (let k = n; k & 3; k++) store<f64>(p + ((<usize>k) << 3), last);
}

@inline
function round(p: usize, i: usize, n: i32, up: bool): void {
  for (let k: usize = 0; k < <usize>n; k += 2) {
    const x = v128.load(p + (k << 3));
    const rounded = up ? f64x2.floor(f64x2.add(x, f64x2.splat(0.5))) : f64x2.nearest(x);
    v128.store_lane<u64>(i + (k << 2), i32x4.trunc_sat_f64x2_s_zero(rounded), 0);
  }
}

@inline
function splitNarrow(p: usize, i: usize, t: usize, n: i32, half: f64, first: i32): void {
  const magic = f64x2.splat(MAGIC + half);
  const word = i32x4.splat(MAGIC_WORD - first);
  const back = f32x4.splat(<f32>half);
  for (let k: usize = 0; k < <usize>n; k += 4) {
    const a = f64x2.add(v128.load(p + (k << 3)), magic);
    const b = f64x2.add(v128.load(p + (k << 3), 16), magic);
    const low = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
    const high = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
    v128.store(i + (k << 2), i32x4.sub(high, word));
    const fraction = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(low, 1)), f32x4.splat(UNIT));
    v128.store(t + (k << 2), f32x4.sub(fraction, back));
  }
}

@inline
function splitWide(p: usize, i: usize, t: usize, n: i32, half: f64, first: i32): void {
  for (let k: usize = 0; k < <usize>n; k += 2) {
    const x = v128.load(p + (k << 3));
    const cell = f64x2.floor(f64x2.add(x, f64x2.splat(half)));
    const index = i32x4.add(i32x4.trunc_sat_f64x2_s_zero(cell), i32x4.splat(first));
    v128.store_lane<u64>(i + (k << 2), index, 0);
    v128.store(t + (k << 3), f64x2.sub(x, cell));
  }
}
