import {
  JOB_CHANNELS, JOB_DIMS, JOB_FILL, JOB_FLAT, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_OUT_PLANE, JOB_OUT_TYPE, JOB_SHIFT,
  JOB_SIZE, LINEAR, TYPE_FLOAT32, TYPE_INT16, TYPE_UINT16, TYPE_UINT8,
} from '../src/job-layout';
import { clampIndices, placeClamped } from './clamped-row';
import { collect } from './collect';
import { placeCurved } from './curved-row';
import { deliver } from './deliver';
import { labelLinear } from './label';
import { linearNarrow, linearWide } from './linear';
import { blendRow, placeRow } from './linear-row';
import { linearGradient } from './linear-gradient';
import { linearSlopes } from './linear-slopes';
import { nearest } from './nearest';
import {
  CUBES, CURVED_FRACTION, CURVED_OFFSET, CURVED_POSITION, CURVED_VALUE, FRACTION, FRACTION_AXIS, INDEX, INDEX_AXIS, OFFSET, POSITION, POSITION_AXIS,
  VALUE, VALUE_PLANE,
} from './scratch';
import { bytesOf, typeOf } from './sample';
import { settle } from './settle';
import { smoothNarrow } from './smooth';
import { smoothSlopes } from './smooth-slopes';
import { smoothWide } from './smooth-wide';
import { linePositions, shiftPositions } from './positions';
import { fillOdd, outsideBits } from './odd-voxels';
import { split } from './split';
import { placeStraight } from './straight-chunk';
import { cellShift, firstTap, hasSlope, tapCount } from './taps';
import { isClamped, viewHigh, viewLow, viewOrigin, viewPlane, viewRow, viewType } from './view';
import { areFinite, repair } from './repair';

/** Values at the n positions of the chunk, one channel, written from `out` on. */
export function sampleChunk<F>(job: usize, scratch: usize, source: usize, n: i32, out: usize): void {
  sampleValues<F>(job, scratch, source, n);
  deliverChunk<F>(job, scratch, n, out);
}

/** The same, left at VALUE; answers the bits of those that are outside. */
export function sampleValues<F>(job: usize, scratch: usize, source: usize, n: i32): u64 {
  return isBlended<F>(job) ? sampleCurved<F>(job, scratch, source, n) : sampleAny<F>(job, scratch, source, n);
}

function sampleAny<F>(job: usize, scratch: usize, source: usize, n: i32): u64 {
  const outside = settle(job, scratch, n);
  const all: u64 = n == 64 ? -1 : (<u64>1 << n) - 1;
  if (outside != all) {
    split(job, scratch, n);
    if (load<i32>(job, JOB_DIMS) == 2) flatten(scratch, n);
    read<F>(job, scratch, source, n, all & ~outside, false);
    if (hasLinearSlopes(job) && (closeLastCells<F>(job, scratch, n) || !isFused<F>(viewType(scratch)))) {
      read<F>(job, scratch, source, n, all & ~outside, true);
    }
  }
  if (outside != 0) fillOutside<F>(job, scratch, outside);
  return outside;
}

/** The same of n voxels of a straight row, from index x on, that are surely in the view and not outside. */
export function sampleInner<F>(job: usize, scratch: usize, x: f64, n: i32, out: usize): void {
  if (load<i32>(job, JOB_OUT_TYPE) == TYPE_FLOAT32 && blendInner<F>(job, scratch, x, n, out)) return;
  sampleInnerValues<F>(job, scratch, x, n);
  deliverChunk<F>(job, scratch, n, out);
}

/** The same, left at VALUE. */
export function sampleInnerValues<F>(job: usize, scratch: usize, x: f64, n: i32): void {
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  const type = viewType(scratch);
  if (blendInner<F>(job, scratch, x, n, scratch + VALUE)) return;
  if (sizeof<F>() == 4 && interpolator >= LINEAR && load<i32>(job, JOB_DIMS) == 3) {
    const shift = <i32>ctz(bytesOf(type));
    const first = firstTap(interpolator);
    if (isClamped(scratch) || hasShift(job)) placeClamped(job, scratch, x, n, cellShift(interpolator), first, shift, 3);
    else placeStraight(scratch, x, n, cellShift(interpolator), first, shift);
    const row = <usize>viewRow(scratch) << shift;
    const plane = <usize>viewPlane(scratch) << shift;
    interpolate<F>(job, scratch, type, 0, n, row, plane, false);
    if (hasLinearSlopes(job) && !isFused<F>(type)) interpolate<F>(job, scratch, type, 0, n, row, plane, true);
  } else {
    linePositions(job, scratch, x, n);
    shiftPositions(job, scratch, n);
    split(job, scratch, n);
    if (load<i32>(job, JOB_DIMS) == 2) flatten(scratch, n);
    if (isClamped(scratch)) clampIndices(scratch, n);
    readView<F>(job, scratch, 0, n, false);
    if (hasLinearSlopes(job) && !isFused<F>(type)) readView<F>(job, scratch, 0, n, true);
  }
}

/** The same of n voxels that are surely outside. */
export function fillChunk<F>(job: usize, scratch: usize, n: i32, out: usize): void {
  if (load<i32>(job, JOB_OUT_TYPE) == TYPE_FLOAT32 && load<i32>(job, JOB_GRADIENT) == 0) {
    const fill = f32x4.splat(<f32>load<f64>(job, JOB_FILL));
    for (; n >= 4; n -= 4) {
      v128.store(out, fill);
      out += 16;
    }
    for (; n > 0; n--) {
      v128.store_lane<u32>(out, fill, 0);
      out += 4;
    }
    return;
  }
  fillOutside<F>(job, scratch, n == 64 ? -1 : (<u64>1 << n) - 1);
  deliverChunk<F>(job, scratch, n, out);
}

/** Linear without slopes of a view of float32, blended at once; false where it is not, or meets what is not finite. */
@inline
function blendInner<F>(job: usize, scratch: usize, x: f64, n: i32, out: usize): bool {
  if (viewType(scratch) != TYPE_FLOAT32 || !isBlended<F>(job)) return false;
  if (isClamped(scratch)) placeClamped(job, scratch, x, n, 0, 0, 2, <usize>load<i32>(job, JOB_DIMS));
  else placeRow(scratch, x, n);
  return blendPlaced(job, scratch, scratch + OFFSET, scratch + FRACTION, n, out);
}

/** Blends n voxels, placed at `at` and `t`, of whatever type the view has; false where a value is not finite. */
function blendPlaced(job: usize, scratch: usize, at: usize, t: usize, n: i32, out: usize): bool {
  const type = viewType(scratch);
  if (type == TYPE_FLOAT32) return blendAs<f32>(job, scratch, at, t, n, out);
  if (type == TYPE_INT16) return blendAs<i16>(job, scratch, at, t, n, out);
  if (type == TYPE_UINT8) return blendAs<u8>(job, scratch, at, t, n, out);
  if (type == TYPE_UINT16) return blendAs<u16>(job, scratch, at, t, n, out);
  return blendAs<i8>(job, scratch, at, t, n, out);
}

function blendAs<T>(job: usize, scratch: usize, at: usize, t: usize, n: i32, out: usize): bool {
  const row = <usize>viewRow(scratch) * sizeof<T>();
  if (load<i32>(job, JOB_DIMS) == 2) return blendRow<T>(at, t, n, row, 0, true, out);
  return blendRow<T>(at, t, n, row, <usize>viewPlane(scratch) * sizeof<T>(), false, out);
}

/** Is it linear without slopes, in float32? */
@inline
function isBlended<F>(job: usize): bool {
  return sizeof<F>() == 4 && load<i32>(job, JOB_INTERPOLATOR) == LINEAR && load<i32>(job, JOB_GRADIENT) == 0;
}

/**
 * Values at n positions, most of which are in the view: these are blended at once, and the others, moved together, in the
 * general way. Answers the bits of those that are outside.
 */
function sampleCurved<F>(job: usize, scratch: usize, source: usize, n: i32): u64 {
  const inView = placeCurved(job, scratch, n, <i32>ctz(bytesOf(viewType(scratch))));
  const odd = (n == 64 ? -1 : (<u64>1 << n) - 1) & ~inView;
  if (inView != 0 && !blendPlaced(job, scratch, scratch + CURVED_OFFSET, scratch + CURVED_FRACTION, n, scratch + VALUE)) {
    return sampleAny<F>(job, scratch, source, n);
  }
  if (odd == 0) return 0;
  const left = fillOdd(job, scratch, source, odd);
  const outside = outsideBits;
  return left == 0 ? outside : outside | sampleLeft<F>(job, scratch, source, n, left);
}

/** Samples the voxels of the given bits in the general way, moved together; all others keep their values. */
function sampleLeft<F>(job: usize, scratch: usize, source: usize, n: i32, left: u64): u64 {
  const values = scratch + CURVED_VALUE;
  const count = <i32>popcnt(left);
  for (let k: usize = 0; k < (<usize>n) << 2; k += 16) v128.store(values + k, v128.load(scratch + VALUE + k));
  copyPositions(scratch + CURVED_POSITION, scratch + POSITION, count);
  let at = scratch + POSITION;
  for (let bits = left; bits != 0; bits &= bits - 1) {
    const from = scratch + POSITION + (<usize>ctz(bits) << 3);
    store<f64>(at, load<f64>(from));
    store<f64>(at, load<f64>(from, POSITION_AXIS), POSITION_AXIS);
    store<f64>(at, load<f64>(from, 2 * POSITION_AXIS), 2 * POSITION_AXIS);
    at += 8;
  }
  const found = sampleAny<F>(job, scratch, source, count);
  copyPositions(scratch + POSITION, scratch + CURVED_POSITION, count);
  let outside: u64 = 0;
  let i: usize = 0;
  for (let bits = left; bits != 0; bits &= bits - 1) {
    store<f32>(values + (<usize>ctz(bits) << 2), load<f32>(scratch + VALUE + (i << 2)));
    outside |= ((found >> i) & 1) << ctz(bits);
    i++;
  }
  for (let k: usize = 0; k < (<usize>n) << 2; k += 16) v128.store(scratch + VALUE + k, v128.load(values + k));
  return outside;
}

/** The first n, and the rest of the group of four that n ends in. */
function copyPositions(into: usize, from: usize, n: i32): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    for (let k: usize = 0; k < ((<usize>n) << 3) + 32; k += 16) {
      v128.store(into + axis * POSITION_AXIS + k, v128.load(from + axis * POSITION_AXIS + k));
    }
  }
}

@inline
function hasLinearSlopes(job: usize): bool {
  return load<i32>(job, JOB_GRADIENT) != 0 && load<i32>(job, JOB_INTERPOLATOR) == LINEAR;
}

/** Do linear's slopes come with its values, of samples of this type? Else, and at the last sample of an axis, they take a pass of their own. */
@inline
function isFused<F>(type: i32): bool {
  return sizeof<F>() == 4 && type == TYPE_FLOAT32;
}

@inline
function hasShift(job: usize): bool {
  return load<f64>(job, JOB_SHIFT) != 0;
}

/** A picture has one sample in z, and its kernels one tap of weight 1. */
function flatten(scratch: usize, n: i32): void {
  memory.fill(scratch + INDEX + 2 * INDEX_AXIS, 0, (<usize>n + 3) << 2);
  memory.fill(scratch + FRACTION + 2 * FRACTION_AXIS, 0, (<usize>n + 3) << 3);
}

/** The slope at the last sample is that of the cell before it. Answers whether there is such a sample. */
function closeLastCells<F>(job: usize, scratch: usize, n: i32): bool {
  let found = false;
  for (let axis: usize = 0; axis < 3; axis++) {
    const last = load<i32>(job + (axis << 2), JOB_SIZE) - 1;
    if (last == 0) continue;
    const index = scratch + INDEX + axis * INDEX_AXIS;
    const lasts = i32x4.splat(last);
    for (let k: usize = 0; k < <usize>n; k += 4) {
      if (!v128.any_true(i32x4.eq(v128.load(index + (k << 2)), lasts))) continue;
      const fraction = scratch + FRACTION + axis * FRACTION_AXIS;
      for (let j = k; j < k + 4; j++) {
        const t = fraction + j * sizeof<F>();
        if (load<i32>(index + (j << 2)) != last || load<F>(t) != 0) continue;
        store<i32>(index + (j << 2), last - 1);
        store<F>(t, 1);
        found = true;
      }
    }
  }
  return found;
}

/** Bits of the samples all of whose taps lie in the view. */
export function viewed(scratch: usize, n: i32): u64 {
  let bits: u64 = 0;
  for (let axis: usize = 0; axis < 3; axis++) {
    const index = scratch + INDEX + axis * INDEX_AXIS;
    const low = i32x4.splat(viewLow(scratch, axis));
    const high = i32x4.splat(viewHigh(scratch, axis));
    for (let k = 0; k < n; k += 4) {
      const i = v128.load(index + ((<usize>k) << 2));
      const out = v128.or(i32x4.lt_s(i, low), i32x4.gt_s(i, high));
      bits |= (<u64>(<u32>i32x4.bitmask(out))) << k;
    }
  }
  return ~bits;
}

/**
 * Samples of the given bits, stretch by stretch: those in the view from there, others by cubes of their own.
 * With `slopes` only the derivatives of linear, whose last cells are closed.
 */
function read<F>(job: usize, scratch: usize, source: usize, n: i32, bits: u64, slopes: bool): void {
  const inView = slopes && viewType(scratch) != typeOf<F>() ? 0 : bits & viewed(scratch, n);
  let rest = bits;
  while (rest != 0) {
    const from = <i32>ctz(rest);
    const isViewed = ((inView >> from) & 1) != 0;
    const same = isViewed ? inView : bits & ~inView;
    const run = <i32>ctz(~(same >> from));
    let to = run == 64 ? n : from + run;
    if (isViewed) readView<F>(job, scratch, from, to, slopes);
    else {
      to = min(to, from + CUBES);
      readCubes<F>(job, scratch, source, from, to, slopes);
    }
    rest = to == 64 ? 0 : rest & (<u64>-1 << to);
  }
}

function readCubes<F>(job: usize, scratch: usize, source: usize, from: i32, to: i32, slopes: bool): void {
  const taps = tapCount(load<i32>(job, JOB_INTERPOLATOR));
  collect<F>(job, scratch, source, from, to - from, taps);
  const row = <usize>taps * sizeof<F>();
  interpolate<F>(job, scratch, typeOf<F>(), from, to - from, row, row * taps, slopes);
}

function readView<F>(job: usize, scratch: usize, from: i32, to: i32, slopes: bool): void {
  const type = viewType(scratch);
  const shift = <i32>ctz(bytesOf(type));
  placeInView(scratch, from, to - from);
  const row = <usize>viewRow(scratch) << shift;
  interpolate<F>(job, scratch, type, from, to - from, row, <usize>viewPlane(scratch) << shift, slopes);
}

/** Addresses, at OFFSET, of the first taps of m samples that are in the view. */
export function placeInView(scratch: usize, from: i32, m: i32): void {
  const shift = <i32>ctz(bytesOf(viewType(scratch)));
  const row = viewRow(scratch);
  const plane = viewPlane(scratch);
  const origin = i32x4.splat(<i32>viewOrigin(scratch));
  const index = scratch + INDEX + ((<usize>from) << 2);
  for (let k: usize = 0; k < <usize>m; k += 4) {
    const x = v128.load(index + (k << 2));
    const y = i32x4.mul(v128.load(index + (k << 2), INDEX_AXIS), i32x4.splat(row));
    const z = i32x4.mul(v128.load(index + (k << 2), 2 * INDEX_AXIS), i32x4.splat(plane));
    const at = i32x4.add(origin, i32x4.shl(i32x4.add(x, i32x4.add(y, z)), shift));
    v128.store(scratch + OFFSET + (k << 2), at);
  }
  // Lanes past the run may point anywhere: they repeat its last sample.
  const repeated = load<i32>(scratch + OFFSET + ((<usize>(m - 1)) << 2));
  for (let k = m; k & 3; k++) store<i32>(scratch + OFFSET + ((<usize>k) << 2), repeated);
}

/** Values, or slopes of linear, at m samples whose taps lie at OFFSET, in memory of the given type. */
function interpolate<F>(
  job: usize, scratch: usize, type: i32, start: i32, m: i32, row: usize, plane: usize, slopes: bool,
): void {
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  const flat = load<i32>(job, JOB_DIMS) == 2;
  const gradient = load<i32>(job, JOB_GRADIENT) != 0;
  if (!hasSlope(interpolator)) {
    if (gradient) memory.fill(scratch + VALUE + VALUE_PLANE, 0, 3 * VALUE_PLANE);
    if (interpolator < LINEAR) return nearest<F>(type, scratch, start, m);
    return labelLinear(type, scratch, start, m, row, plane, flat);
  }
  if (slopes) linearSlopes<F>(scratch, start, m, row, plane, flat);
  else if (interpolator != LINEAR) {
    if (sizeof<F>() == 8) smoothWide(scratch, start, m, row, plane, flat, interpolator, gradient);
    else if (gradient) smoothSlopes(scratch, start, m, row, plane, flat, interpolator);
    else smoothNarrow(type, scratch, start, m, row, plane, flat, interpolator);
  }
  else if (gradient && isFused<F>(type)) linearGradient(scratch, start, m, row, plane, flat);
  else if (sizeof<F>() == 4) linearNarrow(type, scratch, start, m, row, plane, flat);
  else linearWide(type, scratch, start, m, row, plane, flat);
  const first = slopes ? 1 : 0;
  const last = slopes || (gradient && (interpolator != LINEAR || isFused<F>(type))) ? (flat ? 2 : 3) : 0;
  if (areFinite<F>(scratch, start, m, first, last)) return;
  for (let p = first; p <= last; p++) repair<F>(scratch, start, m, row, plane, flat, interpolator, p);
}

/** The fill value, and no slope, where the boundary says so. */
function fillOutside<F>(job: usize, scratch: usize, outside: u64): void {
  const fill = <F>load<f64>(job, JOB_FILL);
  const flat = <F>load<f64>(job, JOB_FLAT);
  const planes: usize = load<i32>(job, JOB_GRADIENT) ? 4 : 1;
  for (let bits = outside; bits != 0; bits &= bits - 1) {
    const i = <usize>ctz(bits) * sizeof<F>();
    store<F>(scratch + VALUE + i, fill);
    for (let p: usize = 1; p < planes; p++) store<F>(scratch + VALUE + p * VALUE_PLANE + i, flat);
  }
}

/** Values go to the channel's plane; its derivatives to the planes after those of all channels, x first. */
function deliverChunk<F>(job: usize, scratch: usize, n: i32, out: usize): void {
  const type = load<i32>(job, JOB_OUT_TYPE);
  deliver<F>(type, scratch + VALUE, n, out);
  if (!load<i32>(job, JOB_GRADIENT)) return;
  const dims = load<i32>(job, JOB_DIMS);
  const apart = load<usize>(job, JOB_OUT_PLANE) * load<usize>(job, JOB_CHANNELS) * bytesOf(type);
  for (let axis: usize = 0; axis < <usize>dims; axis++) {
    deliver<F>(type, scratch + VALUE + (axis + 1) * VALUE_PLANE, n, out + (axis + 1) * apart);
  }
}
