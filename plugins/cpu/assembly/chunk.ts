import {
  JOB_CHANNELS, JOB_DIMS, JOB_FILL, JOB_FLAT, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_OUT_PLANE, JOB_OUT_TYPE, JOB_SIZE, JOB_WIDE,
  LABEL_LINEAR, LINEAR,
} from '../src/job-layout';
import { collect } from './collect';
import { deliver } from './deliver';
import { labelLinear } from './label';
import { linearNarrow, linearWide } from './linear';
import { linearSlopes } from './linear-slopes';
import { nearest } from './nearest';
import {
  CUBES, FRACTION, FRACTION_AXIS, INDEX, INDEX_AXIS, OFFSET, OUTSIDE, VALUE, VALUE_PLANE,
} from './scratch';
import { bytesOf } from './sample';
import { areAllWithin, settle } from './settle';
import { split } from './split';
import { hasSlope, tapCount } from './taps';
import { viewHigh, viewLow, viewOrigin, viewPlane, viewRow } from './view';
import { weighted } from './weighted';
import { areFinite, repair } from './repair';

/** Values at the n positions of the chunk, one channel, written from `out` on. */
export function sampleChunk<F>(job: usize, scratch: usize, source: usize, n: i32, out: usize): void {
  const marked = areAllWithin(job, scratch, n) ? 0 : settle(job, scratch, n);
  const gradient = load<i32>(job, JOB_GRADIENT) != 0;
  if (marked < n) {
    split(job, scratch, n);
    if (load<i32>(job, JOB_DIMS) == 2) flatten(scratch, n);
    read<F>(job, scratch, source, n, marked > 0, false);
    if (gradient && load<i32>(job, JOB_INTERPOLATOR) == LINEAR) {
      closeLastCells<F>(job, scratch, n);
      read<F>(job, scratch, source, n, marked > 0, true);
    }
  }
  if (gradient && !hasSlope(load<i32>(job, JOB_INTERPOLATOR))) {
    memory.fill(scratch + VALUE + VALUE_PLANE, 0, 3 * VALUE_PLANE);
  }
  if (marked > 0) fillOutside<F>(job, scratch, n);
  deliverChunk<F>(job, scratch, n, out);
}

/** Values of the chunk, or with `slopes` only the derivatives of linear, whose last cells are closed. */
function read<F>(job: usize, scratch: usize, source: usize, n: i32, anyOutside: bool, slopes: bool): void {
  if (!anyOutside && isInView(scratch, n)) readView<F>(job, scratch, 0, n, slopes);
  else sampleRuns<F>(job, scratch, source, n, anyOutside, slopes);
}

/** A picture has one sample in z, and its kernels one tap of weight 1. */
function flatten(scratch: usize, n: i32): void {
  memory.fill(scratch + INDEX + 2 * INDEX_AXIS, 0, (<usize>n + 3) << 2);
  memory.fill(scratch + FRACTION + 2 * FRACTION_AXIS, 0, (<usize>n + 3) << 3);
}

/** The slope at the last sample is that of the cell before it. */
function closeLastCells<F>(job: usize, scratch: usize, n: i32): void {
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
      }
    }
  }
}

/** Do all taps of all n samples lie in the view? */
function isInView(scratch: usize, n: i32): bool {
  for (let axis: usize = 0; axis < 3; axis++) {
    const index = scratch + INDEX + axis * INDEX_AXIS;
    let least = v128.load(index);
    let most = least;
    for (let k: usize = 4; k < <usize>n; k += 4) {
      const group = v128.load(index + (k << 2));
      least = i32x4.min_s(least, group);
      most = i32x4.max_s(most, group);
    }
    if (v128.any_true(i32x4.lt_s(least, i32x4.splat(viewLow(scratch, axis))))) return false;
    if (v128.any_true(i32x4.gt_s(most, i32x4.splat(viewHigh(scratch, axis))))) return false;
  }
  return true;
}

/** Samples stretch by stretch: outside ones not at all, those in the view from there, others by their own cubes. */
function sampleRuns<F>(
  job: usize, scratch: usize, source: usize, n: i32, anyOutside: bool, slopes: bool,
): void {
  const taps = tapCount(load<i32>(job, JOB_INTERPOLATOR));
  let from = 0;
  while (from < n) {
    if (anyOutside && load<u8>(scratch + OUTSIDE + <usize>from)) {
      from++;
      continue;
    }
    const inView = isOneInView(scratch, from);
    let to = from + 1;
    const end = inView ? n : min(n, from + CUBES);
    while (to < end && !(anyOutside && load<u8>(scratch + OUTSIDE + <usize>to))
      && isOneInView(scratch, to) == inView) to++;
    if (inView) readView<F>(job, scratch, from, to, slopes);
    else {
      collect<F>(job, scratch, source, from, to - from, taps);
      const row = <usize>taps * sizeof<F>();
      interpolate<F>(job, scratch, from, to - from, row, row * taps, slopes);
    }
    from = to;
  }
}

function isOneInView(scratch: usize, at: i32): bool {
  for (let axis: usize = 0; axis < 3; axis++) {
    const i = load<i32>(scratch + INDEX + axis * INDEX_AXIS + ((<usize>at) << 2));
    if (i < viewLow(scratch, axis) || i > viewHigh(scratch, axis)) return false;
  }
  return true;
}

function readView<F>(job: usize, scratch: usize, from: i32, to: i32, slopes: bool): void {
  const shift: i32 = sizeof<F>() == 4 ? 2 : 3;
  const row = viewRow(scratch);
  const plane = viewPlane(scratch);
  const origin = i32x4.splat(<i32>viewOrigin(scratch));
  const index = scratch + INDEX + ((<usize>from) << 2);
  const m = to - from;
  let last: v128 = origin;
  for (let k: usize = 0; k < <usize>m; k += 4) {
    const x = v128.load(index + (k << 2));
    const y = i32x4.mul(v128.load(index + (k << 2), INDEX_AXIS), i32x4.splat(row));
    const z = i32x4.mul(v128.load(index + (k << 2), 2 * INDEX_AXIS), i32x4.splat(plane));
    last = i32x4.add(origin, i32x4.shl(i32x4.add(x, i32x4.add(y, z)), shift));
    v128.store(scratch + OFFSET + (k << 2), last);
  }
  // Lanes past the run may point anywhere: they repeat its last sample.
  const repeated = load<i32>(scratch + OFFSET + ((<usize>(m - 1)) << 2));
  for (let k = m; k & 3; k++) store<i32>(scratch + OFFSET + ((<usize>k) << 2), repeated);
  interpolate<F>(job, scratch, from, m, <usize>row << shift, <usize>plane << shift, slopes);
}

function interpolate<F>(
  job: usize, scratch: usize, start: i32, m: i32, row: usize, plane: usize, slopes: bool,
): void {
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  const flat = load<i32>(job, JOB_DIMS) == 2;
  const gradient = load<i32>(job, JOB_GRADIENT) != 0;
  if (interpolator < LINEAR) return nearest<F>(scratch, start, m);
  if (interpolator == LABEL_LINEAR) return labelLinear(scratch, start, m, row, plane, flat);
  if (slopes) linearSlopes<F>(scratch, start, m, row, plane, flat);
  else if (interpolator != LINEAR) weighted<F>(scratch, start, m, row, plane, flat, interpolator, gradient);
  else if (sizeof<F>() == 4) linearNarrow(scratch, start, m, row, plane, flat);
  else linearWide(scratch, start, m, row, plane, flat);
  const first = slopes ? 1 : 0;
  const last = slopes || (gradient && interpolator != LINEAR) ? (flat ? 2 : 3) : 0;
  for (let p = first; p <= last; p++) {
    if (areFinite<F>(scratch, start, m, p)) continue;
    repair<F>(scratch, start, m, row, plane, flat, interpolator, p);
  }
}

/** The fill value, and no slope, where the boundary says so. */
function fillOutside<F>(job: usize, scratch: usize, n: i32): void {
  const fill = <F>load<f64>(job, JOB_FILL);
  const flat = <F>load<f64>(job, JOB_FLAT);
  const planes: usize = load<i32>(job, JOB_GRADIENT) ? 4 : 1;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!load<u8>(scratch + OUTSIDE + i)) continue;
    store<F>(scratch + VALUE + i * sizeof<F>(), fill);
    for (let p: usize = 1; p < planes; p++) {
      store<F>(scratch + VALUE + p * VALUE_PLANE + i * sizeof<F>(), flat);
    }
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
