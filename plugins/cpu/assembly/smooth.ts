import { kernelWeights, WEIGHTS_BYTES } from './kernel-weights';
import { CURVED_FRACTION, FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';
import { tapCount } from './taps';

/** Weights of each sample, x y z in lanes. */
const WEIGHTS: usize = CURVED_FRACTION;

/**
 * Σ w_z Σ w_y Σ w_x · sample of any kernel of 3 to 6 taps per axis, in float32, one voxel at a time: a row of taps is one
 * vector, or one and a half. Limited by its 16 to 36 row loads, each with a multiplication and an addition; the
 * weights of all axes are computed at once, an axis to a lane, and those of all samples first: a sum that waited for its
 * weights would let fewer sums run side by side.
 */
export function smoothNarrow(
  scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool, interpolator: i32,
): void {
  const taps = tapCount(interpolator);
  const depth = flat ? 1 : taps;
  for (let s: usize = 0; s < <usize>m; s++) {
    const t = scratch + FRACTION + ((<usize>start + s) << 2);
    let at = f32x4.splat(0);
    at = v128.load_lane<u32>(t, at, 0);
    at = v128.load_lane<u32>(t + FRACTION_AXIS, at, 1);
    at = v128.load_lane<u32>(t + 2 * FRACTION_AXIS, at, 2);
    kernelWeights<f32>(interpolator, at, scratch + WEIGHTS + s * WEIGHTS_BYTES);
  }
  for (let s: usize = 0; s < <usize>m; s++) {
    const w = scratch + WEIGHTS + s * WEIGHTS_BYTES;
    const base = load<usize>(scratch + OFFSET + (s << 2));
    const value = taps > 4 ? sumOfSix(base, w, taps, depth, row, plane, flat) : sumOfFour(base, w, taps, depth, row, plane, flat);
    store<f32>(scratch + VALUE + ((<usize>start + s) << 2), value);
  }
}

/** x of the weights of four taps. */
@inline
export function alongX(w: usize): v128 {
  const a = v128.shuffle<f32>(v128.load(w), v128.load(w, 16), 0, 4, 0, 4);
  const b = v128.shuffle<f32>(v128.load(w, 32), v128.load(w, 48), 0, 4, 0, 4);
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

/** x of the weights of the last two of six taps. */
@inline
export function alongXEnd(w: usize): v128 {
  const last = v128.shuffle<f32>(v128.load(w, 64), v128.load(w, 80), 0, 4, 1, 1);
  return v128.shuffle<f32>(last, f32x4.splat(0), 0, 1, 4, 4);
}

@inline
function total(v: v128): f32 {
  const pair = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1);
}

@inline
function sumOfFour(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, flat: bool): f32 {
  let sum = f32x4.splat(0);
  const y0 = v128.load_splat<u32>(w + 4);
  const y1 = v128.load_splat<u32>(w + 20);
  const y2 = v128.load_splat<u32>(w + 36);
  const y3 = v128.load_splat<u32>(w + 52);
  for (let k: usize = 0; k < <usize>depth; k++) {
    const at = base + k * plane;
    let slice = f32x4.add(f32x4.mul(y0, v128.load(at)), f32x4.mul(y1, v128.load(at + row)));
    slice = f32x4.add(slice, f32x4.mul(y2, v128.load(at + 2 * row)));
    if (taps == 4) slice = f32x4.add(slice, f32x4.mul(y3, v128.load(at + 3 * row)));
    sum = flat ? slice : f32x4.add(sum, f32x4.mul(v128.load_splat<u32>(w + (k << 4) + 8), slice));
  }
  return total(f32x4.mul(sum, alongX(w)));
}

@inline
function sumOfSix(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, flat: bool): f32 {
  let sum = f32x4.splat(0);
  let more = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>depth; k++) {
    let at = base + k * plane;
    let slice = f32x4.splat(0);
    let beyond = f32x4.splat(0);
    for (let j: usize = 0; j < <usize>taps; j++) {
      const y = v128.load_splat<u32>(w + (j << 4) + 4);
      slice = f32x4.add(slice, f32x4.mul(y, v128.load(at)));
      beyond = f32x4.add(beyond, f32x4.mul(y, v128.load_zero<u64>(at + 16)));
      at += row;
    }
    const z = flat ? f32x4.splat(1) : v128.load_splat<u32>(w + (k << 4) + 8);
    sum = f32x4.add(sum, f32x4.mul(z, slice));
    more = f32x4.add(more, f32x4.mul(z, beyond));
  }
  return total(f32x4.add(f32x4.mul(sum, alongX(w)), f32x4.mul(more, alongXEnd(w))));
}
