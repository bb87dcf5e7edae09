import {
  FOLD_FILL, JOB_DIMS, JOB_EXTENT, JOB_FOLD, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LIMIT, JOB_SHIFT, JOB_SIZE, JOB_WRAP, LIMIT_CELLS, LIMIT_SAMPLES, LINEAR,
  NEAREST_EVEN,
} from '../src/job-layout';
import { keepsOrder } from './positions';
import { BOUND, BOUND_AXIS, LINE, LINE_TERMS } from './scratch';
import { FAR } from './split';
import { cellShift, firstTap, tapCount } from './taps';
import { isTightOpen, tightHigh, tightLow } from './tight-view';
import { isClamped, viewHigh, viewLow } from './view';

// The voxels of a row that an affine maps to a straight line, judged as a whole: those not from outerFrom to outerTo are
// outside; those from innerFrom to innerTo are not, and all their taps are in the view. The rest is judged voxel by voxel.
export let innerFrom: i32 = 0;
export let innerTo: i32 = 0;
export let outerFrom: i32 = 0;
export let outerTo: i32 = 0;

/** The last cell of a view ends here before its end: more than what rounds up to the next, less than any voxel's worth. */
const DOUBT: f64 = 1e-6;

// Of an axis' bounds, four float64: least and most position of what is not outside, then of what is inner.
const LOW: usize = BOUND;
const HIGH: usize = BOUND + 8;
const OUTER: usize = 0;
const INNER: usize = 16;

// The line of one axis, and its bounds.
let slope: f64 = 0;
let second: f64 = 0;
let third: f64 = 0;
let fourth: f64 = 0;
let low: f64 = 0;
let high: f64 = 0;
// What has not been excluded yet.
let from: i32 = 0;
let to: i32 = 0;

/** What decides about the rows of a tile, once its view is open: the tight one, where it has that. */
export function setBounds(job: usize, scratch: usize): void {
  const limit = load<i32>(job, JOB_LIMIT);
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  const back = <f64>firstTap(interpolator) + cellShift(interpolator);
  // Slopes of linear at the last sample are of another cell than its value.
  const closes = interpolator == LINEAR && load<i32>(job, JOB_GRADIENT) != 0;
  // Folded before they are rounded.
  const folds = interpolator <= NEAREST_EVEN && limit != LIMIT_CELLS;
  // All the way from half a sample off, on which ties are decided one by one.
  const fills = folds && load<i32>(job, JOB_FOLD) == FOLD_FILL;
  const staysWithin = closes || folds || load<i32>(job, JOB_WRAP) != 0;
  const isTight = isTightOpen(scratch);
  for (let axis: usize = 0; axis < 3; axis++) {
    const first = load<f64>(job + axis * 8, JOB_SHIFT);
    const last = first + load<f64>(job + axis * 8, JOB_EXTENT) - 1;
    let low = -Infinity;
    let high = Infinity;
    if (limit == LIMIT_CELLS) {
      low = first - 0.5;
      high = before(last + 0.5);
    } else if (limit == LIMIT_SAMPLES) {
      low = first;
      high = last;
    } else if (fills) {
      low = first - 0.5;
      high = last + 0.5;
    }
    const bound = scratch + axis * BOUND_AXIS;
    store<f64>(bound, low, LOW);
    store<f64>(bound, high, HIGH);
    const lowest = isTight ? tightLow(scratch, axis) : viewLow(scratch, axis);
    const highest = isTight ? tightHigh(scratch, axis) : viewHigh(scratch, axis);
    low = Math.max(low, <f64>lowest - back);
    high = Math.min(high, <f64>highest - back + 1 - DOUBT);
    if (isClamped(scratch)) {
      // Cells beyond are taken for the last of the view, where that has them.
      if (lowest <= 1 - tapCount(interpolator)) low = -FAR;
      if (highest >= load<i32>(job + (axis << 2), JOB_SIZE) - 1) high = FAR;
    }
    if (staysWithin) {
      low = Math.max(low, first);
      high = Math.min(high, closes ? last - DOUBT : last);
    }
    store<f64>(bound, low, LOW + INNER);
    store<f64>(bound, high, HIGH + INNER);
  }
}

/** x0 to x1 are absolute output indices; LINE and LINE_TERMS have each axis' line. */
export function judgeRow(job: usize, scratch: usize, x0: i32, x1: i32): void {
  const dims = <usize>load<i32>(job, JOB_DIMS);
  const ordered = keepsOrder(job);
  innerFrom = outerFrom = from = x0;
  innerTo = outerTo = to = x1;
  let firstOdd: usize = 0;
  while (firstOdd < dims && endsWithin(job, scratch, firstOdd, ordered, INNER)) firstOdd++;
  if (firstOdd == dims) return;
  for (let axis = firstOdd; axis < dims; axis++) {
    if (!endsWithin(job, scratch, axis, ordered, OUTER) && !narrow()) return leaveAll(x0, x1);
    if (from == to) break;
  }
  outerFrom = from;
  outerTo = to;
  for (let axis = firstOdd; axis < dims && from < to; axis++) {
    if (!endsWithin(job, scratch, axis, ordered, INNER)) narrow();
  }
  innerFrom = from;
  innerTo = to;
}

/** Takes the line and the bounds of an axis. Are both ends between the bounds, and so all, since positions are monotone? */
@inline
function endsWithin(job: usize, scratch: usize, axis: usize, ordered: bool, which: usize): bool {
  const terms = scratch + LINE_TERMS + axis * 24;
  slope = load<f64>(scratch + axis * 16, LINE);
  second = ordered ? load<f64>(terms) : load<f64>(scratch + axis * 16, LINE + 8);
  third = ordered ? load<f64>(terms, 8) : load<f64>(job + axis * 8, JOB_SHIFT);
  fourth = ordered ? load<f64>(terms, 16) : 0;
  low = load<f64>(scratch + axis * BOUND_AXIS + which, LOW);
  high = load<f64>(scratch + axis * BOUND_AXIS + which, HIGH);
  const a = position(from);
  const b = position(to - 1);
  return a >= low && a <= high && b >= low && b <= high;
}

/** Nothing is known of a row that has a position without a value. */
function leaveAll(x0: i32, x1: i32): void {
  innerFrom = innerTo = outerFrom = x0;
  outerTo = x1;
}

/** As positions.ts computes it, so monotone in x: rounding never changes an order. */
@inline
function position(x: i32): f64 {
  return slope * <f64>x + second + third + fourth;
}

/**
 * Keeps the voxels whose position is between the bounds: exactly those, since what decides is the position itself.
 * False where the line has no number at an end, and so perhaps in between.
 */
function narrow(): bool {
  const a = position(from);
  const b = position(to - 1);
  if (a != a || b != b) return false;
  if (Math.max(a, b) < low || Math.min(a, b) > high) {
    to = from;
    return true;
  }
  const start = crossing(slope > 0 ? low : high, false);
  to = crossing(slope > 0 ? high : low, true);
  from = min(start, to);
  return true;
}

/** The first voxel whose position has reached a bound, or with `strictly` has passed it, in the direction of the slope. */
function crossing(bound: f64, strictly: bool): i32 {
  const estimate = Math.ceil((bound - second - third - fourth) / slope);
  let x = estimate < <f64>to ? (estimate > <f64>from ? <i32>estimate : from) : to;
  while (x > from && hasCrossed(x - 1, bound, strictly)) x--;
  while (x < to && !hasCrossed(x, bound, strictly)) x++;
  return x;
}

@inline
function hasCrossed(x: i32, bound: f64, strictly: bool): bool {
  const at = position(x);
  if (at == bound) return !strictly;
  return slope > 0 ? at > bound : at < bound;
}

/** The number before a positive one. */
@inline
function before(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) - 1);
}
