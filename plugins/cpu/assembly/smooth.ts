import {
  BSPLINE2, BSPLINE3, BSPLINE4, BSPLINE5, KEYS_HALF, KEYS_THREE_QUARTERS, LANCZOS3, TYPE_FLOAT32, TYPE_INT16, TYPE_UINT16, TYPE_UINT8,
} from '../src/job-layout';
import { kernelWeights, WEIGHTS_BYTES } from './kernel-weights';
import { CURVED_FRACTION, FRACTION, FRACTION_AXIS, OFFSET, VALUE, WEIGHT } from './scratch';
import { four } from './stage-box';
import { tapCount } from './taps';

// Weights of four samples: of x the first four taps of each sample, a vector to a sample, and then the last two, 8 bytes to a sample; of
// y and z tap by tap, a sample to a lane.

const WEIGHTS: usize = CURVED_FRACTION;
const LAST_X: usize = 64;
const Y: usize = WEIGHTS_BYTES;
const Z: usize = 2 * WEIGHTS_BYTES;
const GROUP_BYTES: usize = 3 * WEIGHTS_BYTES;

/**
 * Σ w_z Σ w_y Σ w_x · sample of any kernel of 3 to 6 taps per axis, in float32, of samples of a type that it holds: a row of taps is one vector, or one and a half. Groups of four
 * samples share the computation of their weights and the last sums, across lanes.
 *
 * Limited by the number of instructions, 80 for a sample of four taps per axis: its 16 row loads, each with an address, a multiplication and an
 * addition. The weights of all samples are computed first: a sum that waited for its own would let fewer sums run side by side.
 */
export function smoothNarrow(
  type: i32, scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool, interpolator: i32,
): void {
  const taps = tapCount(interpolator);
  weighAll(interpolator, scratch + FRACTION + ((<usize>start) << 2), m, scratch + WEIGHTS);
  const out = scratch + VALUE + ((<usize>start) << 2);
  if (type != TYPE_FLOAT32) sumIntegers(type, scratch, m, row, plane, taps, flat ? 1 : taps, out);
  else if (taps > 4) sumWide<f32>(scratch, m, row, plane, taps, flat ? 1 : taps, out);
  else if (flat) sumFlat(scratch, m, row, taps, out);
  else if (taps == 3) sumVolume(scratch, m, row, plane, 3, out);
  else sumVolume(scratch, m, row, plane, 4, out);
}

function sumIntegers(
  type: i32, scratch: usize, m: i32, row: usize, plane: usize, taps: i32, depth: i32, out: usize,
): void {
  if (type == TYPE_INT16) sumWide<i16>(scratch, m, row, plane, taps, depth, out);
  else if (type == TYPE_UINT8) sumWide<u8>(scratch, m, row, plane, taps, depth, out);
  else if (type == TYPE_UINT16) sumWide<u16>(scratch, m, row, plane, taps, depth, out);
  else sumWide<i8>(scratch, m, row, plane, taps, depth, out);
}

function weighAll(interpolator: i32, t: usize, m: i32, w: usize): void {
  if (interpolator == BSPLINE3) weighGroups(BSPLINE3, t, m, w);
  else if (interpolator == KEYS_HALF) weighGroups(KEYS_HALF, t, m, w);
  else if (interpolator == LANCZOS3) weighGroups(LANCZOS3, t, m, w);
  else if (interpolator == BSPLINE5) weighGroups(BSPLINE5, t, m, w);
  else if (interpolator == BSPLINE2) weighGroups(BSPLINE2, t, m, w);
  else if (interpolator == BSPLINE4) weighGroups(BSPLINE4, t, m, w);
  else weighGroups(KEYS_THREE_QUARTERS, t, m, w);
}

/** With a constant for an interpolator, and tested at the end, the loop makes no constants and no choices. */
@inline
function weighGroups(interpolator: i32, t: usize, m: i32, w: usize): void {
  const end = t + (<usize>m << 2);
  let at = t;
  let into = w;
  do {
    kernelWeights<f32>(interpolator, v128.load(at), into);
    kernelWeights<f32>(interpolator, v128.load(at, FRACTION_AXIS), into + Y);
    kernelWeights<f32>(interpolator, v128.load(at, 2 * FRACTION_AXIS), into + Z);
    arrangeX(into);
    into += GROUP_BYTES;
    at += 16;
  } while (at < end);
}

/** From a sample to a lane to a sample to a vector. */
@inline
function arrangeX(w: usize): void {
  const a = v128.load(w);
  const b = v128.load(w, 16);
  const c = v128.load(w, 32);
  const d = v128.load(w, 48);
  const e = v128.load(w, 64);
  const f = v128.load(w, 80);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(w, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(w, v128.shuffle<f64>(ab, cd, 1, 3), 16);
  v128.store(w, v128.shuffle<f64>(ab2, cd2, 0, 2), 32);
  v128.store(w, v128.shuffle<f64>(ab2, cd2, 1, 3), 48);
  v128.store(w, v128.shuffle<f32>(e, f, 0, 4, 1, 5), LAST_X);
  v128.store(w, v128.shuffle<f32>(e, f, 2, 6, 3, 7), LAST_X + 16);
}

/** Sums of the lanes of four vectors. */
@inline
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3));
}

/**
 * Of three or four taps per axis; `taps` is a constant where it is called. V8's compiler puts loads where they stand and arithmetic where
 * a store wants it: sums that are stored half way keep no more than 16 vectors, which is how many registers there are.
 */
@inline
function sumVolume(scratch: usize, m: i32, row: usize, plane: usize, taps: i32, out: usize): void {
  const half = scratch + WEIGHT;
  let w = scratch + WEIGHTS;
  let at = scratch + OFFSET;
  const end = at + ((<usize>m) << 2);
  do {
    sumSample(load<usize>(at), w, w + Y, half, row, plane, taps);
    sumSample(load<usize>(at, 4), w + 16, w + Y + 4, half, row, plane, taps);
    sumSample(load<usize>(at, 8), w + 32, w + Y + 8, half, row, plane, taps);
    sumSample(load<usize>(at, 12), w + 48, w + Y + 12, half, row, plane, taps);
    v128.store(out, totals(v128.load(w), v128.load(w, 16), v128.load(w, 32), v128.load(w, 48)));
    w += GROUP_BYTES;
    at += 16;
    out += 16;
  } while (at < end);
}

/** Replaces the sample's weights along x, at x, by the sum whose lanes are still to be summed; y points to those along y of its first tap. */
@inline
function sumSample(base: usize, x: usize, y: usize, half: usize, row: usize, plane: usize, taps: i32): void {
  const y0 = v128.load_splat<u32>(y);
  const y1 = v128.load_splat<u32>(y, 16);
  const y2 = v128.load_splat<u32>(y, 32);
  const y3 = taps == 4 ? v128.load_splat<u32>(y, 48) : y0;
  const first = f32x4.mul(v128.load_splat<u32>(y, WEIGHTS_BYTES), sumOfSlice(base, row, y0, y1, y2, y3, taps));
  base += plane;
  const second = f32x4.mul(v128.load_splat<u32>(y, WEIGHTS_BYTES + 16), sumOfSlice(base, row, y0, y1, y2, y3, taps));
  base += plane;
  v128.store(half, f32x4.add(first, second));
  const third = f32x4.mul(v128.load_splat<u32>(y, WEIGHTS_BYTES + 32), sumOfSlice(base, row, y0, y1, y2, y3, taps));
  let sum = f32x4.add(v128.load(half), third);
  if (taps == 4) {
    base += plane;
    sum = f32x4.add(sum, f32x4.mul(v128.load_splat<u32>(y, WEIGHTS_BYTES + 48), sumOfSlice(base, row, y0, y1, y2, y3, taps)));
  }
  v128.store(x, f32x4.mul(sum, v128.load(x)));
}

@inline
function sumOfSlice(at: usize, row: usize, y0: v128, y1: v128, y2: v128, y3: v128, taps: i32): v128 {
  let sum = f32x4.mul(y0, v128.load(at));
  at += row;
  sum = f32x4.add(sum, f32x4.mul(y1, v128.load(at)));
  at += row;
  sum = f32x4.add(sum, f32x4.mul(y2, v128.load(at)));
  return taps == 4 ? f32x4.add(sum, f32x4.mul(y3, v128.load(at + row))) : sum;
}

/** Of three or four taps in a picture: one slice, of weight 1. */
function sumFlat(scratch: usize, m: i32, row: usize, taps: i32, out: usize): void {
  let w = scratch + WEIGHTS;
  for (let s: usize = 0; s < <usize>m; s++) {
    const y = w + Y + ((s & 3) << 2);
    let at = load<usize>(scratch + OFFSET + (s << 2));
    let sum = f32x4.mul(v128.load_splat<u32>(y), v128.load(at));
    for (let j: usize = 1; j < <usize>taps; j++) {
      at += row;
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<u32>(y + (j << 4)), v128.load(at)));
    }
    store<f32>(out + (s << 2), total(f32x4.mul(sum, v128.load(w + ((s & 3) << 4)))));
    if ((s & 3) == 3) w += GROUP_BYTES;
  }
}

/**
 * Of samples of type T: of five or six taps along x and y, or fewer of integers, and `depth` slices, one of which has weight 1. The last two
 * taps of two rows are one vector. The sums of all others in the same order, so the same bits.
 */
function sumWide<T>(scratch: usize, m: i32, row: usize, plane: usize, taps: i32, depth: i32, out: usize): void {
  let w = scratch + WEIGHTS;
  for (let s: usize = 0; s < <usize>m; s++) {
    const y = w + Y + ((s & 3) << 2);
    let base = load<usize>(scratch + OFFSET + (s << 2));
    let sum = f32x4.splat(0);
    let more = f32x4.splat(0);
    for (let k: usize = 0; k < <usize>depth; k++) {
      let at = base;
      let slice = f32x4.splat(0);
      let beyond = f32x4.splat(0);
      for (let j: usize = 0; j + 1 < <usize>taps; j += 2) {
        const a = v128.load_splat<u32>(y + (j << 4));
        const b = v128.load_splat<u32>(y + (j << 4), 16);
        const next = at + row;
        slice = f32x4.add(f32x4.add(slice, f32x4.mul(a, four<T>(at))), f32x4.mul(b, four<T>(next)));
        if (taps > 4) beyond = f32x4.add(beyond, f32x4.mul(v128.shuffle<f64>(a, b, 0, 2), ends<T>(at, next)));
        at = next + row;
      }
      if (taps & 1) {
        const a = v128.load_splat<u32>(y + ((<usize>taps - 1) << 4));
        slice = f32x4.add(slice, f32x4.mul(a, four<T>(at)));
        if (taps > 4) beyond = f32x4.add(beyond, f32x4.mul(v128.shuffle<f64>(a, f32x4.splat(0), 0, 2), ends<T>(at, at)));
      }
      const z = depth == 1 ? f32x4.splat(1) : v128.load_splat<u32>(y + (k << 4), WEIGHTS_BYTES);
      sum = f32x4.add(sum, f32x4.mul(z, slice));
      more = f32x4.add(more, f32x4.mul(z, beyond));
      base += plane;
    }
    sum = f32x4.mul(sum, v128.load(w + ((s & 3) << 4)));
    if (taps > 4) sum = f32x4.add(sum, f32x4.mul(more, v128.load_splat<u64>(w + LAST_X + ((s & 3) << 3))));
    store<f32>(out + (s << 2), total(sum));
    if ((s & 3) == 3) w += GROUP_BYTES;
  }
}

/** The fifth and sixth sample of two rows. */
@inline
function ends<T>(a: usize, b: usize): v128 {
  if (isFloat<T>()) return v128.load_lane<u64>(b, v128.load_zero<u64>(a, 16), 1, 16);
  return v128.shuffle<f64>(four<T>(a + 4 * sizeof<T>()), four<T>(b + 4 * sizeof<T>()), 0, 2);
}

@inline
function total(v: v128): f32 {
  const pair = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1);
}
