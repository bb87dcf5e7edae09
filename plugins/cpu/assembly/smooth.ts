import { BSPLINE2, BSPLINE3, BSPLINE4, BSPLINE5, KEYS_HALF, LANCZOS3 } from '../src/job-layout';
import { lanczosWeights } from './lanczos';
import { CURVED_FRACTION, FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';
import { tapCount } from './taps';

/** Weights of each sample: six vectors. */
const WEIGHTS: usize = CURVED_FRACTION;
const WEIGHTS_BYTES: usize = 96;

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
    kernelWeights(interpolator, at, scratch + WEIGHTS + s * WEIGHTS_BYTES);
  }
  for (let s: usize = 0; s < <usize>m; s++) {
    const w = scratch + WEIGHTS + s * WEIGHTS_BYTES;
    const base = load<usize>(scratch + OFFSET + (s << 2));
    const value = taps > 4 ? sumOfSix(base, w, taps, depth, row, plane, flat) : sumOfFour(base, w, taps, depth, row, plane, flat);
    store<f32>(scratch + VALUE + ((<usize>start + s) << 2), value);
  }
}

/** Weights w[k] of tap k, x y z in lanes; zero past the last tap. */
@inline
function kernelWeights(interpolator: i32, t: v128, w: usize): void {
  const s = f32x4.sub(f32x4.splat(1), t);
  if (interpolator == BSPLINE3) {
    const sixth = f32x4.splat(1.0 / 6.0);
    v128.store(w, f32x4.mul(f32x4.mul(s, f32x4.mul(s, s)), sixth));
    v128.store(w, f32x4.mul(cubicInner(t), sixth), 16);
    v128.store(w, f32x4.mul(cubicInner(s), sixth), 32);
    v128.store(w, f32x4.mul(f32x4.mul(t, f32x4.mul(t, t)), sixth), 48);
  } else if (interpolator == BSPLINE2) {
    const half = f32x4.splat(0.5);
    const below = f32x4.sub(half, t);
    const above = f32x4.add(half, t);
    v128.store(w, f32x4.mul(half, f32x4.mul(below, below)));
    v128.store(w, f32x4.sub(f32x4.splat(0.75), f32x4.mul(t, t)), 16);
    v128.store(w, f32x4.mul(half, f32x4.mul(above, above)), 32);
    v128.store(w, f32x4.splat(0), 48);
  } else if (interpolator == BSPLINE4) quartic(t, w);
  else if (interpolator == BSPLINE5) quintic(t, s, w);
  else if (interpolator == LANCZOS3) lanczosWeights(t, s, w);
  else keys(interpolator == KEYS_HALF ? -0.5 : -0.75, t, s, w);
}

/** 4 - 6t² + 3t³ */
@inline
function cubicInner(t: v128): v128 {
  const rest = f32x4.sub(f32x4.mul(t, f32x4.splat(3)), f32x4.splat(6));
  return f32x4.add(f32x4.splat(4), f32x4.mul(f32x4.mul(t, t), rest));
}

/** a·t·s², 1 + t²((a+2)t - (a+3)), the same of s, a·s·t². */
@inline
function keys(a: f32, t: v128, s: v128, w: usize): void {
  const ts = f32x4.mul(f32x4.splat(a), f32x4.mul(t, s));
  v128.store(w, f32x4.mul(ts, s));
  v128.store(w, keysInner(a, t), 16);
  v128.store(w, keysInner(a, s), 32);
  v128.store(w, f32x4.mul(ts, t), 48);
}

@inline
function keysInner(a: f32, t: v128): v128 {
  const rest = f32x4.sub(f32x4.mul(f32x4.splat(a + 2), t), f32x4.splat(a + 3));
  return f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(t, t), rest));
}

/** t from -1/2 to 1/2: (1/2 ∓ t)⁴/24, 19/96 ∓ 11t/24 + t²/4 ± t³/6 - t⁴/6, 115/192 - 5t²/8 + t⁴/4. */
@inline
function quartic(t: v128, w: usize): void {
  const t2 = f32x4.mul(t, t);
  const t4 = f32x4.mul(t2, t2);
  const below = f32x4.sub(f32x4.splat(0.5), t);
  const above = f32x4.add(f32x4.splat(0.5), t);
  const below2 = f32x4.mul(below, below);
  const above2 = f32x4.mul(above, above);
  const odd = f32x4.mul(t, f32x4.sub(f32x4.splat(11.0 / 24.0), f32x4.mul(t2, f32x4.splat(1.0 / 6.0))));
  const even = f32x4.sub(
    f32x4.add(f32x4.splat(19.0 / 96.0), f32x4.mul(t2, f32x4.splat(0.25))), f32x4.mul(t4, f32x4.splat(1.0 / 6.0)));
  const middle = f32x4.sub(f32x4.splat(115.0 / 192.0), f32x4.mul(t2, f32x4.splat(0.625)));
  v128.store(w, f32x4.mul(f32x4.mul(below2, below2), f32x4.splat(1.0 / 24.0)));
  v128.store(w, f32x4.sub(even, odd), 16);
  v128.store(w, f32x4.add(middle, f32x4.mul(t4, f32x4.splat(0.25))), 32);
  v128.store(w, f32x4.add(even, odd), 48);
  v128.store(w, f32x4.mul(f32x4.mul(above2, above2), f32x4.splat(1.0 / 24.0)), 64);
  v128.store(w, f32x4.splat(0), 80);
}

/** s⁵, 51 + 75r - 210r² + 150r³ - 45r⁴ + 5r⁵ at r = 1 + t, 66 - 60t² + 30t⁴ - 10t⁵, and their mirror; all over 120. */
@inline
function quintic(t: v128, s: v128, w: usize): void {
  const scale = f32x4.splat(1.0 / 120.0);
  const t2 = f32x4.mul(t, t);
  const s2 = f32x4.mul(s, s);
  v128.store(w, f32x4.mul(scale, f32x4.mul(s, f32x4.mul(s2, s2))));
  v128.store(w, f32x4.mul(scale, quinticOuter(t)), 16);
  v128.store(w, f32x4.mul(scale, quinticInner(t)), 32);
  v128.store(w, f32x4.mul(scale, quinticInner(s)), 48);
  v128.store(w, f32x4.mul(scale, quinticOuter(s)), 64);
  v128.store(w, f32x4.mul(scale, f32x4.mul(t, f32x4.mul(t2, t2))), 80);
}

@inline
function quinticInner(t: v128): v128 {
  const t2 = f32x4.mul(t, t);
  const rest = f32x4.sub(f32x4.splat(30), f32x4.mul(t, f32x4.splat(10)));
  return f32x4.add(f32x4.splat(66), f32x4.mul(t2, f32x4.sub(f32x4.mul(t2, rest), f32x4.splat(60))));
}

/** In powers of t = r - 1: 26 - 50t + 20t² + 20t³ - 20t⁴ + 5t⁵. */
@inline
function quinticOuter(t: v128): v128 {
  let sum = f32x4.sub(f32x4.mul(t, f32x4.splat(5)), f32x4.splat(20));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(20));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(20));
  sum = f32x4.sub(f32x4.mul(t, sum), f32x4.splat(50));
  return f32x4.add(f32x4.mul(t, sum), f32x4.splat(26));
}

/** x of the weights of four taps. */
@inline
function alongX(w: usize): v128 {
  const a = v128.shuffle<f32>(v128.load(w), v128.load(w, 16), 0, 4, 0, 4);
  const b = v128.shuffle<f32>(v128.load(w, 32), v128.load(w, 48), 0, 4, 0, 4);
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
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
  const last = v128.shuffle<f32>(v128.load(w, 64), v128.load(w, 80), 0, 4, 1, 1);
  const tail = f32x4.mul(more, v128.shuffle<f32>(last, f32x4.splat(0), 0, 1, 4, 4));
  return total(f32x4.add(f32x4.mul(sum, alongX(w)), tail));
}
