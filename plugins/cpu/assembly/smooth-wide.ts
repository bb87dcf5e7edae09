import { kernelSlopes, kernelWeights, WEIGHTS_BYTES } from './kernel-weights';
import { total } from './lanes';
import { CURVED_FRACTION, FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE } from './scratch';
import { tapCount } from './taps';

/** Of each sample: weights of x and y in lanes, of z and nothing, then their slopes. */
const WEIGHTS: usize = CURVED_FRACTION;
const OF_Z: usize = WEIGHTS_BYTES;
const SLOPES: usize = 2 * WEIGHTS_BYTES;
const SAMPLE: usize = 4 * WEIGHTS_BYTES;
/** Samples whose weights are computed before their sums. */
const BATCH: i32 = 16;

/**
 * Σ w_z Σ w_y Σ w_x · sample of any kernel of 3 to 6 taps per axis, in float64, and with `gradient` its slopes: as smooth.ts
 * and smooth-slopes.ts, a row of taps being two vectors, or three. Limited by its operations, twice those of float32.
 */
export function smoothWide(
  scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool, interpolator: i32, gradient: bool,
): void {
  const taps = tapCount(interpolator);
  for (let from = 0; from < m; from += BATCH) {
    const to = min(m, from + BATCH);
    for (let s = from; s < to; s++) {
      const t = scratch + FRACTION + ((<usize>(start + s)) << 3);
      const w = scratch + WEIGHTS + <usize>(s - from) * SAMPLE;
      const xy = v128.load_lane<u64>(t + FRACTION_AXIS, v128.load_zero<u64>(t), 1);
      const z = v128.load_zero<u64>(t + 2 * FRACTION_AXIS);
      kernelWeights<f64>(interpolator, xy, w);
      if (flat) store<f64>(w, 1, OF_Z);
      else kernelWeights<f64>(interpolator, z, w + OF_Z);
      if (!gradient) continue;
      kernelSlopes<f64>(interpolator, xy, w + SLOPES);
      if (flat) store<f64>(w, 0, SLOPES + OF_Z);
      else kernelSlopes<f64>(interpolator, z, w + SLOPES + OF_Z);
    }
    for (let s = from; s < to; s++) {
      const w = scratch + WEIGHTS + <usize>(s - from) * SAMPLE;
      const base = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
      const out = scratch + VALUE + ((<usize>(start + s)) << 3);
      if (gradient) withSlopes(base, w, taps, flat ? 1 : taps, row, plane, out);
      else store<f64>(out, sumOf(base, w, taps, flat ? 1 : taps, row, plane));
    }
  }
}

/** x of the weights of taps k and k + 1. */
@inline
function alongX(w: usize, k: usize): v128 {
  return v128.load_lane<u64>(w + (k << 4) + 16, v128.load_zero<u64>(w + (k << 4)), 1);
}

@inline
function sumOf(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>depth; k++) {
    let at = base + k * plane;
    let p = f64x2.splat(0);
    let q = f64x2.splat(0);
    let r = f64x2.splat(0);
    for (let j: usize = 0; j < <usize>taps; j++) {
      const y = v128.load_splat<u64>(w + (j << 4) + 8);
      p = f64x2.add(p, f64x2.mul(y, v128.load(at)));
      q = f64x2.add(q, f64x2.mul(y, v128.load(at, 16)));
      if (taps > 4) r = f64x2.add(r, f64x2.mul(y, v128.load(at, 32)));
      at += row;
    }
    const z = v128.load_splat<u64>(w + (k << 4) + OF_Z);
    a = f64x2.add(a, f64x2.mul(z, p));
    b = f64x2.add(b, f64x2.mul(z, q));
    if (taps > 4) c = f64x2.add(c, f64x2.mul(z, r));
  }
  return acrossX(a, b, c, w, taps);
}

/** The last step: along x. */
@inline
function acrossX(a: v128, b: v128, c: v128, w: usize, taps: i32): f64 {
  let sum = f64x2.add(f64x2.mul(a, alongX(w, 0)), f64x2.mul(b, alongX(w, 2)));
  if (taps > 4) sum = f64x2.add(sum, f64x2.mul(c, alongX(w, 4)));
  return total<f64>(sum);
}

@inline
function withSlopes(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, out: usize): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let aY = f64x2.splat(0);
  let bY = f64x2.splat(0);
  let cY = f64x2.splat(0);
  let aZ = f64x2.splat(0);
  let bZ = f64x2.splat(0);
  let cZ = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>depth; k++) {
    let at = base + k * plane;
    let p = f64x2.splat(0);
    let q = f64x2.splat(0);
    let r = f64x2.splat(0);
    let pY = f64x2.splat(0);
    let qY = f64x2.splat(0);
    let rY = f64x2.splat(0);
    for (let j: usize = 0; j < <usize>taps; j++) {
      const y = v128.load_splat<u64>(w + (j << 4) + 8);
      const d = v128.load_splat<u64>(w + (j << 4) + SLOPES + 8);
      const first = v128.load(at);
      const second = v128.load(at, 16);
      p = f64x2.add(p, f64x2.mul(y, first));
      q = f64x2.add(q, f64x2.mul(y, second));
      pY = f64x2.add(pY, f64x2.mul(d, first));
      qY = f64x2.add(qY, f64x2.mul(d, second));
      if (taps > 4) {
        const third = v128.load(at, 32);
        r = f64x2.add(r, f64x2.mul(y, third));
        rY = f64x2.add(rY, f64x2.mul(d, third));
      }
      at += row;
    }
    const z = v128.load_splat<u64>(w + (k << 4) + OF_Z);
    const e = v128.load_splat<u64>(w + (k << 4) + SLOPES + OF_Z);
    a = f64x2.add(a, f64x2.mul(z, p));
    b = f64x2.add(b, f64x2.mul(z, q));
    aY = f64x2.add(aY, f64x2.mul(z, pY));
    bY = f64x2.add(bY, f64x2.mul(z, qY));
    aZ = f64x2.add(aZ, f64x2.mul(e, p));
    bZ = f64x2.add(bZ, f64x2.mul(e, q));
    if (taps > 4) {
      c = f64x2.add(c, f64x2.mul(z, r));
      cY = f64x2.add(cY, f64x2.mul(z, rY));
      cZ = f64x2.add(cZ, f64x2.mul(e, r));
    }
  }
  store<f64>(out, acrossX(a, b, c, w, taps));
  store<f64>(out, acrossX(a, b, c, w + SLOPES, taps), VALUE_PLANE);
  store<f64>(out, acrossX(aY, bY, cY, w, taps), 2 * VALUE_PLANE);
  store<f64>(out, acrossX(aZ, bZ, cZ, w, taps), 3 * VALUE_PLANE);
}
