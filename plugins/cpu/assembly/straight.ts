import {
  JOB_DIMS, JOB_EXTENT, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LIMIT, JOB_SHIFT, JOB_WRAP, LIMIT_CELLS, LIMIT_NONE,
  LIMIT_SAMPLES, LINEAR, NEAREST_EVEN,
} from '../src/job-layout';
import { LINE } from './scratch';
import { cellShift, firstTap } from './taps';
import { viewHigh, viewLow } from './view';

// The voxels of a row that an affine maps to a straight line, judged as a whole: those from innerFrom to innerTo are
// surely in the view and not outside, those not from outerFrom to outerTo are surely outside. The rest is judged voxel
// by voxel, to the same end.
export let innerFrom: i32 = 0;
export let innerTo: i32 = 0;
export let outerFrom: i32 = 0;
export let outerTo: i32 = 0;

/** Doubt about a position, far above its rounding and far below what one voxel more or less costs. */
const DOUBT: f64 = 1e-6;

/** x0 to x1 are absolute output indices; LINE has slope and offset of each axis. */
export function judgeRow(job: usize, scratch: usize, x0: i32, x1: i32): void {
  innerFrom = outerFrom = x0;
  innerTo = outerTo = x1;
  const limit = load<i32>(job, JOB_LIMIT);
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  // Slopes of linear at the last sample are of another cell than its value.
  const closes = interpolator == LINEAR && load<i32>(job, JOB_GRADIENT) != 0;
  const staysWithin = limit != LIMIT_NONE || load<i32>(job, JOB_WRAP) != 0 || interpolator <= NEAREST_EVEN || closes;
  const back = <f64>firstTap(interpolator) + cellShift(interpolator);
  const dims = <usize>load<i32>(job, JOB_DIMS);
  for (let axis: usize = 0; axis < dims; axis++) {
    const slope = load<f64>(scratch + axis * 16, LINE);
    const first = load<f64>(job + axis * 8, JOB_SHIFT);
    const offset = load<f64>(scratch + axis * 16, LINE + 8) + first;
    const last = load<f64>(job + axis * 8, JOB_EXTENT) - 1 + first;
    const doubt = slope == 0 ? 0 : DOUBT;
    let low = <f64>viewLow(scratch, axis) - back;
    let high = <f64>viewHigh(scratch, axis) - back + 1 - DOUBT;
    if (staysWithin) {
      low = Math.max(low, first);
      high = Math.min(high, last - (closes ? DOUBT : doubt));
    }
    narrowInner(slope, offset, low + doubt, high);
    if (limit == LIMIT_SAMPLES) narrowOuter(slope, offset, first - DOUBT, last + DOUBT);
    if (limit == LIMIT_CELLS) narrowOuter(slope, offset, first - 0.5 - DOUBT, last + 0.5 + DOUBT);
  }
  innerFrom = max(innerFrom, outerFrom);
  innerTo = max(innerFrom, min(innerTo, outerTo));
}

function narrowInner(slope: f64, offset: f64, low: f64, high: f64): void {
  const from = firstIndex(slope, offset, low, high, innerFrom, innerTo);
  innerTo = lastIndex(slope, offset, low, high, from, innerTo);
  innerFrom = from;
}

function narrowOuter(slope: f64, offset: f64, low: f64, high: f64): void {
  const from = firstIndex(slope, offset, low, high, outerFrom, outerTo);
  outerTo = lastIndex(slope, offset, low, high, from, outerTo);
  outerFrom = from;
}

/** First x of from..to where low <= slope · x + offset <= high, or to. */
function firstIndex(slope: f64, offset: f64, low: f64, high: f64, from: i32, to: i32): i32 {
  if (slope == 0) return offset >= low && offset <= high ? from : to;
  const x = Math.ceil(((slope > 0 ? low : high) - offset) / slope);
  return x < <f64>to ? (x > <f64>from ? <i32>x : from) : to;
}

/** One past the last such x, or from. */
function lastIndex(slope: f64, offset: f64, low: f64, high: f64, from: i32, to: i32): i32 {
  if (slope == 0) return to;
  const x = Math.floor(((slope > 0 ? high : low) - offset) / slope) + 1;
  return x > <f64>from ? (x < <f64>to ? <i32>x : to) : from;
}
