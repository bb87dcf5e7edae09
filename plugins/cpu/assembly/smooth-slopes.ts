import { kernelSlopes, kernelWeights, WEIGHTS_BYTES } from './kernel-weights';
import { CURVED_FRACTION, FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE } from './scratch';
import { tapCount } from './taps';

/** Weights, then slopes, of each sample, x y z in lanes. */
const WEIGHTS: usize = CURVED_FRACTION;
/** Samples whose weights are computed before their sums. */
const BATCH: i32 = 32;

/**
 * Value and slopes of any kernel of 3 to 6 taps per axis, in float32, one voxel at a time; the values have the bits of
 * smooth.ts. Rows are summed along y with weights and with slopes, those along z, and x comes last: four sums, each a row.
 * Limited by twice the operations of the value, and one and a half times its instructions, since rows are loaded once.
 */
export function smoothSlopes(
  scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool, interpolator: i32,
): void {
  const taps = tapCount(interpolator);
  const depth = flat ? 1 : taps;
  for (let from = 0; from < m; from += BATCH) {
    const to = min(m, from + BATCH);
    for (let s = from; s < to; s++) {
      const t = scratch + FRACTION + ((<usize>(start + s)) << 2);
      let at = f32x4.splat(0);
      at = v128.load_lane<u32>(t, at, 0);
      at = v128.load_lane<u32>(t + FRACTION_AXIS, at, 1);
      at = v128.load_lane<u32>(t + 2 * FRACTION_AXIS, at, 2);
      const w = scratch + WEIGHTS + <usize>(s - from) * (2 * WEIGHTS_BYTES);
      kernelWeights<f32>(interpolator, at, w);
      kernelSlopes<f32>(interpolator, at, w + WEIGHTS_BYTES);
    }
    for (let s = from; s < to; s++) {
      const w = scratch + WEIGHTS + <usize>(s - from) * (2 * WEIGHTS_BYTES);
      const base = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
      const all = taps > 4 ? fromSix(base, w, taps, depth, row, plane, flat) : fromFour(base, w, taps, depth, row, plane, flat);
      const out = scratch + VALUE + ((<usize>(start + s)) << 2);
      v128.store_lane<u32>(out, all, 0);
      v128.store_lane<u32>(out, all, 1, VALUE_PLANE);
      v128.store_lane<u32>(out, all, 2, 2 * VALUE_PLANE);
      v128.store_lane<u32>(out, all, 3, 3 * VALUE_PLANE);
    }
  }
}

/** Sums of the lanes of each. */
@inline
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** Value, d/dx, d/dy, d/dz. */
@inline
function fromFour(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, flat: bool): v128 {
  let sum = f32x4.splat(0);
  let byY = f32x4.splat(0);
  let byZ = f32x4.splat(0);
  const y0 = v128.load_splat<u32>(w + 4);
  const y1 = v128.load_splat<u32>(w + 20);
  const y2 = v128.load_splat<u32>(w + 36);
  const y3 = v128.load_splat<u32>(w + 52);
  const d0 = v128.load_splat<u32>(w + WEIGHTS_BYTES + 4);
  const d1 = v128.load_splat<u32>(w + WEIGHTS_BYTES + 20);
  const d2 = v128.load_splat<u32>(w + WEIGHTS_BYTES + 36);
  const d3 = v128.load_splat<u32>(w + WEIGHTS_BYTES + 52);
  for (let k: usize = 0; k < <usize>depth; k++) {
    const at = base + k * plane;
    const r0 = v128.load(at);
    const r1 = v128.load(at + row);
    const r2 = v128.load(at + 2 * row);
    let slice = f32x4.add(f32x4.add(f32x4.mul(y0, r0), f32x4.mul(y1, r1)), f32x4.mul(y2, r2));
    let sliceY = f32x4.add(f32x4.add(f32x4.mul(d0, r0), f32x4.mul(d1, r1)), f32x4.mul(d2, r2));
    if (taps == 4) {
      const r3 = v128.load(at + 3 * row);
      slice = f32x4.add(slice, f32x4.mul(y3, r3));
      sliceY = f32x4.add(sliceY, f32x4.mul(d3, r3));
    }
    if (flat) {
      sum = slice;
      byY = sliceY;
    } else {
      const z = v128.load_splat<u32>(w + (k << 4) + 8);
      sum = f32x4.add(sum, f32x4.mul(z, slice));
      byY = f32x4.add(byY, f32x4.mul(z, sliceY));
      byZ = f32x4.add(byZ, f32x4.mul(v128.load_splat<u32>(w + WEIGHTS_BYTES + (k << 4) + 8), slice));
    }
  }
  const x = alongX(w);
  const d = alongX(w + WEIGHTS_BYTES);
  return totals(f32x4.mul(sum, x), f32x4.mul(sum, d), f32x4.mul(byY, x), f32x4.mul(byZ, x));
}

@inline
function fromSix(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, flat: bool): v128 {
  let sum = f32x4.splat(0);
  let byY = f32x4.splat(0);
  let byZ = f32x4.splat(0);
  let more = f32x4.splat(0);
  let moreY = f32x4.splat(0);
  let moreZ = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>depth; k++) {
    let at = base + k * plane;
    let slice = f32x4.splat(0);
    let sliceY = f32x4.splat(0);
    let beyond = f32x4.splat(0);
    let beyondY = f32x4.splat(0);
    // In the order of smooth.ts, so the same bits: the last two taps of two rows are one vector.
    for (let j: usize = 0; j + 1 < <usize>taps; j += 2) {
      const y = v128.load_splat<u32>(w + (j << 4), 4);
      const d = v128.load_splat<u32>(w + (j << 4), WEIGHTS_BYTES + 4);
      const y1 = v128.load_splat<u32>(w + (j << 4), 20);
      const d1 = v128.load_splat<u32>(w + (j << 4), WEIGHTS_BYTES + 20);
      const next = at + row;
      const four = v128.load(at);
      const four1 = v128.load(next);
      const ends = v128.load_lane<u64>(next, v128.load_zero<u64>(at, 16), 1, 16);
      slice = f32x4.add(f32x4.add(slice, f32x4.mul(y, four)), f32x4.mul(y1, four1));
      sliceY = f32x4.add(f32x4.add(sliceY, f32x4.mul(d, four)), f32x4.mul(d1, four1));
      beyond = f32x4.add(beyond, f32x4.mul(v128.shuffle<f64>(y, y1, 0, 2), ends));
      beyondY = f32x4.add(beyondY, f32x4.mul(v128.shuffle<f64>(d, d1, 0, 2), ends));
      at = next + row;
    }
    if (taps & 1) {
      const y = v128.load_splat<u32>(w, 68);
      const d = v128.load_splat<u32>(w, WEIGHTS_BYTES + 68);
      const four = v128.load(at);
      const two = v128.load_zero<u64>(at, 16);
      slice = f32x4.add(slice, f32x4.mul(y, four));
      sliceY = f32x4.add(sliceY, f32x4.mul(d, four));
      beyond = f32x4.add(beyond, f32x4.mul(y, two));
      beyondY = f32x4.add(beyondY, f32x4.mul(d, two));
    }
    const z = flat ? f32x4.splat(1) : v128.load_splat<u32>(w + (k << 4) + 8);
    const e = v128.load_splat<u32>(w + WEIGHTS_BYTES + (k << 4) + 8);
    sum = f32x4.add(sum, f32x4.mul(z, slice));
    byY = f32x4.add(byY, f32x4.mul(z, sliceY));
    byZ = f32x4.add(byZ, f32x4.mul(e, slice));
    more = f32x4.add(more, f32x4.mul(z, beyond));
    moreY = f32x4.add(moreY, f32x4.mul(z, beyondY));
    moreZ = f32x4.add(moreZ, f32x4.mul(e, beyond));
  }
  const x = alongX(w);
  const d = alongX(w + WEIGHTS_BYTES);
  const xEnd = alongXEnd(w);
  const dEnd = alongXEnd(w + WEIGHTS_BYTES);
  return totals(
    f32x4.add(f32x4.mul(sum, x), f32x4.mul(more, xEnd)), f32x4.add(f32x4.mul(sum, d), f32x4.mul(more, dEnd)),
    f32x4.add(f32x4.mul(byY, x), f32x4.mul(moreY, xEnd)), f32x4.add(f32x4.mul(byZ, x), f32x4.mul(moreZ, xEnd)));
}

/** x of the weights of four taps. */
@inline
function alongX(w: usize): v128 {
  const a = v128.shuffle<f32>(v128.load(w), v128.load(w, 16), 0, 4, 0, 4);
  const b = v128.shuffle<f32>(v128.load(w, 32), v128.load(w, 48), 0, 4, 0, 4);
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

/** x of the weights of the last two of six taps, twice. */
@inline
function alongXEnd(w: usize): v128 {
  return v128.shuffle<f32>(v128.load(w, 64), v128.load(w, 80), 0, 4, 0, 4);
}
