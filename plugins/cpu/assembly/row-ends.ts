import { JOB_DIMS, JOB_SHIFT, JOB_STEPS, STEP_MATRIX } from '../src/job-layout';
import { keepsOrder } from './positions';
import { BOUND, BOUND_AXIS, ENDS, ENDS_AXIS, LINE, LINE_TERMS } from './scratch';
import * as straight from './straight';
import { doubt, least, measureRange, most } from './tile-range';

// What straight.ts tells of a row.
export let innerFrom: i32 = 0;
export let innerTo: i32 = 0;
export let outerFrom: i32 = 0;
export let outerTo: i32 = 0;

// Of an axis, two float64 each: least and most position of what is inner; least of what is not outside and of what is
// inner, then most of both. Infinite where the tile does not reach them. At last one over the slope.
const INNER: usize = 0;
const LOW: usize = 16;
const HIGH: usize = 32;
const INVERSE: usize = 48;
/** Which axis it is. */
const AXIS: usize = 56;

/** Does the tile reach bounds that make a voxel not inner, or outside? */
let meetsInner: bool = false;
let meetsOuter: bool = false;
/** Are all of its voxels outside, or none inner? */
let missesOuter: bool = false;
let missesInner: bool = false;
/** Axes along which it meets bounds, which are kept one after the other. */
let met: usize = 0;

/** Finds out which bounds the tile x0..x1, y0..y1, z0..z1 of the block reaches at all, once straight.ts has set them. */
export function setEnds(job: usize, scratch: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): void {
  meetsInner = false;
  meetsOuter = false;
  missesOuter = false;
  missesInner = false;
  met = 0;
  const dims = <usize>load<i32>(job, JOB_DIMS);
  for (let axis: usize = 0; axis < dims; axis++) setAxis(job, scratch, axis, x0, x1, y0, y1, z0, z1);
}

function setAxis(job: usize, scratch: usize, axis: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): void {
  measureRange(job, axis, x0, x1, y0, y1, z0, z1);
  const bound = scratch + BOUND + axis * BOUND_AXIS;
  const outerLow = lower(load<f64>(bound), least);
  const outerHigh = upper(load<f64>(bound, 8), most);
  if (isApart(load<f64>(bound), load<f64>(bound, 8))) missesOuter = true;
  if (isApart(load<f64>(bound, 16), load<f64>(bound, 24))) missesInner = true;
  const low = lower(load<f64>(bound, 16), least);
  const high = upper(load<f64>(bound, 24), most);
  const isInner = low == -Infinity && high == Infinity;
  if (isInner && outerLow == -Infinity && outerHigh == Infinity) return;
  const end = scratch + ENDS + met++ * ENDS_AXIS;
  store<usize>(end, axis, AXIS);
  store<f64>(end, low, INNER);
  store<f64>(end, high, INNER + 8);
  store<f64>(end, outerLow, LOW);
  store<f64>(end, low, LOW + 8);
  store<f64>(end, outerHigh, HIGH);
  store<f64>(end, high, HIGH + 8);
  store<f64>(end, 1 / load<f64>(load<usize>(job, JOB_STEPS) + axis * 32, STEP_MATRIX), INVERSE);
  meetsInner = meetsInner || !isInner;
  meetsOuter = meetsOuter || outerLow != -Infinity || outerHigh != Infinity;
}

/** Does nothing of the tile lie between two bounds? */
@inline
function isApart(low: f64, high: f64): bool {
  return most + doubt < low || least - doubt > high;
}

@inline
function lower(bound: f64, least: f64): f64 {
  return least - doubt >= bound ? -Infinity : bound;
}

@inline
function upper(bound: f64, most: f64): f64 {
  return most + doubt <= bound ? Infinity : bound;
}

/** Tells what straight.ts does of the voxels x0 to x1 of a row of the tile, quickly where it can. */
export function judgeTileRow(job: usize, scratch: usize, x0: i32, x1: i32): void {
  innerFrom = outerFrom = x0;
  innerTo = outerTo = x1;
  if (!meetsInner && !meetsOuter) return;
  if (missesOuter || (missesInner && !meetsOuter)) {
    innerFrom = innerTo = outerTo = missesOuter ? x0 : x1;
    return;
  }
  if (findEnds(job, scratch, x0, x1)) {
    if (!meetsOuter) return;
    outerFrom = innerFrom;
    outerTo = innerTo;
    return;
  }
  straight.judgeRow(job, scratch, x0, x1);
  innerFrom = straight.innerFrom;
  innerTo = straight.innerTo;
  outerFrom = straight.outerFrom;
  outerTo = straight.outerTo;
}

/**
 * Finds the inner voxels of a row, among x0 to x1, where all others are outside, or none is. Estimated with a division that
 * the tile has done once; then proved by the positions on both sides of either end, as positions.ts computes them and
 * monotone in x. False where that proves nothing.
 */
function findEnds(job: usize, scratch: usize, x0: i32, x1: i32): bool {
  let first = f64x2.splat(<f64>x0);
  let last = f64x2.splat(<f64>(x1 - 1));
  const stop = scratch + ENDS + met * ENDS_AXIS;
  for (let end = scratch + ENDS; end < stop; end += ENDS_AXIS) {
    const axis = load<usize>(end, AXIS);
    const offset = f64x2.splat(load<f64>(scratch + axis * 16, LINE + 8) + load<f64>(job + axis * 8, JOB_SHIFT));
    const bound = f64x2.mul(f64x2.sub(v128.load(end, INNER), offset), v128.load_splat<u64>(end, INVERSE));
    const other = v128.shuffle<i64>(bound, bound, 1, 0);
    first = f64x2.pmax(first, f64x2.pmin(bound, other));
    last = f64x2.pmin(last, f64x2.pmax(bound, other));
  }
  const from = f64x2.extract_lane(f64x2.ceil(first), 0);
  const to = f64x2.extract_lane(f64x2.floor(last), 0);
  if (!(from <= to)) return false;
  innerFrom = <i32>from;
  innerTo = <i32>to + 1;
  return isEnd(job, scratch, from - 1, from, innerFrom == x0) && isEnd(job, scratch, to + 1, to, innerTo == x1);
}

/** Is the voxel `within` inner, and the one `beyond` none, or not outside where no voxel is? */
@inline
function isEnd(job: usize, scratch: usize, beyond: f64, within: f64, isLast: bool): bool {
  const ordered = keepsOrder(job);
  const x = f64x2.replace_lane(f64x2.splat(beyond), 1, within);
  const stop = scratch + ENDS + met * ENDS_AXIS;
  let found = i64x2.splat(-1);
  for (let end = scratch + ENDS; end < stop; end += ENDS_AXIS) {
    const axis = load<usize>(end, AXIS);
    const terms = scratch + LINE_TERMS + axis * 24;
    const line = scratch + LINE + axis * 16;
    const second = ordered ? v128.load_splat<u64>(terms) : v128.load_splat<u64>(line, 8);
    const third = ordered ? v128.load_splat<u64>(terms, 8) : v128.load_splat<u64>(job + axis * 8, JOB_SHIFT);
    const fourth = ordered ? v128.load_splat<u64>(terms, 16) : f64x2.splat(0);
    const sum = f64x2.add(f64x2.add(f64x2.mul(v128.load_splat<u64>(line), x), second), third);
    const position = f64x2.add(sum, fourth);
    // Lane 0 by the bounds of what is not outside, if there are any, since it has to be more than not inner.
    const low = meetsOuter ? v128.load(end, LOW) : v128.load_splat<u64>(end, LOW + 8);
    const high = meetsOuter ? v128.load(end, HIGH) : v128.load_splat<u64>(end, HIGH + 8);
    found = v128.and(found, v128.and(f64x2.ge(position, low), f64x2.le(position, high)));
  }
  const lanes = i64x2.bitmask(found);
  return isLast ? (lanes & 2) != 0 : lanes == 2;
}
