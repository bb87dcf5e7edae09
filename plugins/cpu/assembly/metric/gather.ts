import {
  JOB_CHANNEL, JOB_DIMS, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_SIZE, JOB_SOURCE, JOB_SOURCE_TYPE, LINEAR, TYPE_FLOAT32,
} from '../../src/job-layout';
import {
  METRIC_CHECKS, METRIC_COUNT, METRIC_FIXED, METRIC_FIXED_BINS, METRIC_FIXED_JOB, METRIC_MODE, MODE_SLOPES, METRIC_FIXED_MASK, METRIC_FIXED_SIZE, METRIC_FIXED_TYPE,
  METRIC_MOVING, METRIC_MOVING_MASK, METRIC_MOVING_SIZE, METRIC_READS_VALID, METRIC_VALID_PLANE,
} from '../../src/metric/metric-layout';
import { placeInView, sampleInnerValues, sampleValues, viewed } from '../chunk';
import { pointPositions } from '../positions';
import { bytesOf } from '../sample';
import { FRACTION, FRACTION_AXIS, INDEX, INDEX_AXIS, POSITION, POSITION_AXIS, VALUE, VALUE_PLANE } from '../scratch';
import { settle } from '../settle';
import { split } from '../split';
import { placeStraight } from '../straight-chunk';
import { viewSource } from '../tile';
import { viewPlane, viewRow } from '../view';
import { linearGradient } from '../linear-gradient';
import { FIXED } from './rows';

/** One bit for each of n samples. */
@inline
export function everyBit(n: i32): u64 {
  return n == 64 ? -1 : (<u64>1 << n) - 1;
}

/** The samples of a channel of an image that a resample job reads. */
@inline
export function channelOf(job: usize, channel: i32): usize {
  const bytes = bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  return load<usize>(job, JOB_SOURCE) + <usize>channel * load<usize>(job, JOB_CHANNEL) * bytes;
}

/** Moving values, and slopes where the job wants them, at n voxels of a straight row that are surely in the view. */
export function gatherInner<F>(moving: usize, scratch: usize, x: f64, n: i32): void {
  if (!isPlain<F>(moving) || load<i32>(moving, JOB_DIMS) == 2) return sampleInnerValues<F>(moving, scratch, x, n);
  placeStraight(scratch, x, n, 0, 0, 2);
  linearGradient(scratch, 0, n, <usize>viewRow(scratch) << 2, <usize>viewPlane(scratch) << 2, false);
}

/** The same at n positions; answers the bits of those that are inside. */
export function gatherChunk<F>(moving: usize, scratch: usize, source: usize, n: i32): u64 {
  const all = everyBit(n);
  if (isPlain<F>(moving) && settle(moving, scratch, n) == 0) {
    split(moving, scratch, n);
    const flat = load<i32>(moving, JOB_DIMS) == 2;
    if (flat) memory.fill(scratch + INDEX + 2 * INDEX_AXIS, 0, (<usize>n + 3) << 2);
    if ((viewed(scratch, n) & all) == all && !touchesEnd(moving, scratch, n)) {
      placeInView(scratch, 0, n);
      linearGradient(scratch, 0, n, <usize>viewRow(scratch) << 2, <usize>viewPlane(scratch) << 2, flat);
      return all;
    }
  }
  return all & ~sampleValues<F>(moving, scratch, source, n);
}

/** Are value and slopes of linear wanted of float32? */
@inline
function isPlain<F>(moving: usize): bool {
  return sizeof<F>() == 4 && load<i32>(moving, JOB_INTERPOLATOR) == LINEAR && load<i32>(moving, JOB_GRADIENT) != 0
    && load<i32>(moving, JOB_SOURCE_TYPE) == TYPE_FLOAT32;
}

/** Does a sample hit the last voxel of an axis, where the slope is that of the cell before? */
function touchesEnd(moving: usize, scratch: usize, n: i32): bool {
  const dims = <usize>load<i32>(moving, JOB_DIMS);
  for (let axis: usize = 0; axis < dims; axis++) {
    const last = i32x4.splat(load<i32>(moving + (axis << 2), JOB_SIZE) - 1);
    for (let k: usize = 0; k < <usize>n; k += 4) {
      const atLast = i32x4.eq(v128.load(scratch + INDEX + axis * INDEX_AXIS + (k << 2)), last);
      const atStart = f32x4.eq(v128.load(scratch + FRACTION + axis * FRACTION_AXIS + (k << 2)), f32x4.splat(0));
      if (v128.any_true(v128.and(atLast, atStart))) return true;
    }
  }
  return false;
}

/** Fixed values of n samples from the first-th on, into FIXED; answers the bits of those that count. */
export function gatherFixed<F>(job: usize, scratch: usize, channel: i32, first: i32, n: i32): u64 {
  const reader = load<usize>(job, METRIC_FIXED_JOB);
  let valid = everyBit(n);
  if (reader != 0) {
    viewSource<F>(reader, scratch, channelOf(reader, channel));
    pointPositions(reader, scratch, first, n);
    valid &= maskBits(load<usize>(job, METRIC_FIXED_MASK), job + METRIC_FIXED_SIZE, scratch, n);
    valid &= ~sampleValues<F>(reader, scratch, channelOf(reader, channel), n);
    memory.copy(scratch + FIXED, scratch + VALUE, <usize>n * sizeof<F>());
  } else {
    const at = <usize>channel * load<usize>(job, METRIC_COUNT) + <usize>first;
    const values = load<usize>(job, METRIC_FIXED);
    if (!looksAtFixed(job)) {
      // Its bins are known, or its slopes.
    } else if (load<i32>(job, METRIC_FIXED_TYPE) == TYPE_FLOAT32) copyRow<f32, F>(values + (at << 2), scratch + FIXED, n);
    else copyRow<f64, F>(values + (at << 3), scratch + FIXED, n);
    const mask = load<usize>(job, METRIC_FIXED_MASK);
    if (mask != 0) valid &= byteBits(mask + <usize>first, n);
  }
  if (load<i32>(job, METRIC_READS_VALID)) valid &= byteBits(load<usize>(job, METRIC_VALID_PLANE) + <usize>first, n);
  return valid;
}

/** Does the pass need the fixed values themselves? */
@inline
function looksAtFixed(job: usize): bool {
  const mode = load<i32>(job, METRIC_MODE);
  return load<i32>(job, METRIC_CHECKS) != 0 || (mode != MODE_SLOPES && load<usize>(job, METRIC_FIXED_BINS) == 0);
}

@inline
function copyRow<T, F>(from: usize, into: usize, n: i32): void {
  if (sizeof<T>() == sizeof<F>()) {
    for (let at: usize = 0; at < <usize>n * sizeof<F>(); at += 16) v128.store(into + at, v128.load(from + at));
    return;
  }
  for (let k: usize = 0; k < <usize>n; k++) store<F>(into + k * sizeof<F>(), <F>load<T>(from + k * sizeof<T>()));
}

/** Bits of the bytes that are not 0. */
function byteBits(at: usize, n: i32): u64 {
  let bits: u64 = 0;
  for (let k = 0; k < n; k += 16) {
    const set = i8x16.ne(v128.load(at + <usize>k), i8x16.splat(0));
    bits |= (<u64>(<u32>i8x16.bitmask(set))) << k;
  }
  return bits & everyBit(n);
}

/** Bits of the n positions whose nearest voxel, ties up, is set. */
function maskBits(mask: usize, sizes: usize, scratch: usize, n: i32): u64 {
  if (mask == 0) return everyBit(n);
  const width = load<i32>(sizes);
  const height = load<i32>(sizes, 4);
  const depth = load<i32>(sizes, 8);
  let bits: u64 = 0;
  for (let k = 0; k < n; k++) {
    const p = scratch + POSITION + ((<usize>k) << 3);
    const x = Math.floor(load<f64>(p) + 0.5);
    const y = Math.floor(load<f64>(p, POSITION_AXIS) + 0.5);
    const z = Math.floor(load<f64>(p, 2 * POSITION_AXIS) + 0.5);
    if (!(x >= 0 && x < <f64>width && y >= 0 && y < <f64>height && z >= 0 && z < <f64>depth)) continue;
    const at = <usize>(<i32>x + width * (<i32>y + height * <i32>z));
    if (load<u8>(mask + at) != 0) bits |= <u64>1 << k;
  }
  return bits;
}

export function movingMaskBits(job: usize, scratch: usize, n: i32): u64 {
  return maskBits(load<usize>(job, METRIC_MOVING_MASK), job + METRIC_MOVING_SIZE, scratch, n);
}

/** Bits of the n samples whose values are finite; slopes that are not, beside a value that is not, become 0. */
export function finiteBits<F>(job: usize, scratch: usize, n: i32): u64 {
  if (!load<i32>(job, METRIC_CHECKS)) return everyBit(n);
  const hasSlopes = load<i32>(load<usize>(job, METRIC_MOVING), JOB_GRADIENT) != 0;
  const dims = <usize>load<i32>(load<usize>(job, METRIC_MOVING), JOB_DIMS);
  let bits: u64 = 0;
  for (let k = 0; k < n; k++) {
    const at = scratch + <usize>k * sizeof<F>();
    const f = load<F>(at, FIXED);
    const m = load<F>(at, VALUE);
    if (f - f == 0 && m - m == 0) bits |= <u64>1 << k;
    if (!hasSlopes) continue;
    for (let axis: usize = 1; axis <= dims; axis++) {
      const slope = load<F>(at + axis * VALUE_PLANE, VALUE);
      if (slope - slope != 0) store<F>(at + axis * VALUE_PLANE, 0, VALUE);
    }
  }
  return bits;
}
