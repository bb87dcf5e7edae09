import { JOB_BLOCK, JOB_DIMS, JOB_SHIFT, JOB_START, JOB_STEPS, STEP_MATRIX } from '../src/job-layout';
import { BOUND, BOUND_AXIS, ENDS, ENDS_AXIS, FLAT_ENDS, ROW_ENDS } from './scratch';
import * as straight from './straight';
import { doubt, least, measureRange, most } from './tile-range';

// What straight.ts tells of a row.
export let innerFrom: i32 = 0;
export let innerTo: i32 = 0;
export let outerFrom: i32 = 0;
export let outerTo: i32 = 0;

/** 2^-46: the part of all terms of a position by which it is never wrong, however they are added, nor is what is found here. */
const ROUNDED: f64 = 1.4210854715202004e-14;
/** Part of a voxel up to which an end may be in doubt. */
const MOST_DOUBT: f64 = 0.25;
/** Rows whose ends are found at once, an even number. */
const ROWS: i32 = 64;

// Of an axis, float64: where along the row at y = z = 0 voxels come between the bounds and where they leave them, and what y and z add to
// both; then where they do at the slice at hand. Of one along which rows are flat: numbers that are negative and positive between them.
const ENTER: usize = 0;
const LEAVE: usize = 8;
const BY_Y: usize = 16;
const BY_Z: usize = 24;
const ENTER_HERE: usize = 32;
const LEAVE_HERE: usize = 40;

/** Does the tile reach bounds that make a voxel not inner, or outside? */
let meetsInner: bool = false;
let meetsOuter: bool = false;
/** Are all of its voxels outside, or none inner? */
let missesOuter: bool = false;
let missesInner: bool = false;
/** Axes along which it does, and those of them along which rows are flat. */
let slanted: usize = 0;
let flat: usize = 0;
/** Voxels by which ends may be wrong, and between those that are inner and those that are outside. */
let inDoubt: f64 = 0;
let gap: f64 = 0;
/** The tile's last row, and those of a slice whose ends were found. */
let endRow: i32 = 0;
let slice: i32 = 0;
let firstFound: i32 = 0;
let endFound: i32 = 0;

/** Finds out which bounds the tile x0..x1, y0..y1, z0..z1 of the block reaches at all, once straight.ts has set them. */
export function setEnds(job: usize, scratch: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): void {
  meetsInner = false;
  meetsOuter = false;
  missesOuter = false;
  missesInner = false;
  slanted = 0;
  flat = 0;
  inDoubt = 0;
  gap = 0;
  endRow = y1;
  endFound = 0;
  const dims = <usize>load<i32>(job, JOB_DIMS);
  for (let axis: usize = 0; axis < dims; axis++) setAxis(job, scratch, axis, x0, x1, y0, y1, z0, z1);
  if (meetsOuter) inDoubt += gap;
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
  const isOuter = outerLow == -Infinity && outerHigh == Infinity;
  if (isInner && isOuter) return;
  meetsInner = meetsInner || !isInner;
  meetsOuter = meetsOuter || !isOuter;
  if (!keepAxis(job, scratch, axis, low, high)) return;
  const slope = Math.abs(load<f64>(load<usize>(job, JOB_STEPS) + axis * 32, STEP_MATRIX));
  if (low != outerLow) gap = Math.max(gap, (low - outerLow) / slope);
  if (high != outerHigh) gap = Math.max(gap, (outerHigh - high) / slope);
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

/** Keeps what `findEnds` needs of an axis. False where rows are flat along it. */
function keepAxis(job: usize, scratch: usize, axis: usize, low: f64, high: f64): bool {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32;
  const shift = load<f64>(job + axis * 8, JOB_SHIFT);
  const slope = load<f64>(m);
  const byX = Math.abs(slope) * farthest(job, 0);
  const byYZ = Math.abs(load<f64>(m, 8)) * farthest(job, 1) + Math.abs(load<f64>(m, 16)) * farthest(job, 2);
  const wrong = (byX + byYZ + Math.abs(load<f64>(m, 24)) + Math.abs(shift)) * ROUNDED;
  const offset = load<f64>(m, 24) + shift;
  const inverse = 1 / slope;
  if (wrong * Math.abs(inverse) < MOST_DOUBT) {
    inDoubt = Math.max(inDoubt, wrong * Math.abs(inverse));
    keep(scratch + ENDS + slanted++ * ENDS_AXIS, m, (low - offset) * inverse, (high - offset) * inverse, inverse);
    return true;
  }
  keep(scratch + FLAT_ENDS + flat++ * ENDS_AXIS, m, low - offset + (wrong + byX), high - offset - (wrong + byX), 1);
  return false;
}

/** The larger of the indices at which the block starts and ends. */
@inline
function farthest(job: usize, axis: usize): f64 {
  const start = load<i32>(job + (axis << 2), JOB_START);
  return <f64>max(abs(start), abs(start + load<i32>(job + (axis << 2), JOB_BLOCK)));
}

@inline
function keep(end: usize, m: usize, a: f64, b: f64, scale: f64): void {
  store<f64>(end, scale < 0 ? b : a, ENTER);
  store<f64>(end, scale < 0 ? a : b, LEAVE);
  store<f64>(end, -load<f64>(m, 8) * scale, BY_Y);
  store<f64>(end, -load<f64>(m, 16) * scale, BY_Z);
}

/** Tells what straight.ts does of the voxels x0 to x1 of row y, z of the tile, quickly where it can. */
export function judgeTileRow(job: usize, scratch: usize, x0: i32, x1: i32, y: i32, z: i32): void {
  innerFrom = outerFrom = x0;
  innerTo = outerTo = x1;
  if (!meetsInner && !meetsOuter) return;
  if (missesOuter || (missesInner && !meetsOuter)) {
    innerFrom = innerTo = outerTo = missesOuter ? x0 : x1;
    return;
  }
  if (inDoubt < MOST_DOUBT) {
    if (y >= endFound || z != slice) findEnds(job, scratch, x0, x1, y, z);
    const ends = scratch + ROW_ENDS + ((<usize>(y - firstFound)) << 3);
    const from = load<i32>(ends);
    const to = load<i32>(ends, 4);
    if (from <= to) {
      innerFrom = from;
      innerTo = to;
      if (!meetsOuter) return;
      outerFrom = from;
      outerTo = to;
      return;
    }
  }
  straight.judgeRow(job, scratch, x0, x1);
  innerFrom = straight.innerFrom;
  innerTo = straight.innerTo;
  outerFrom = straight.outerFrom;
  outerTo = straight.outerTo;
}

/**
 * Finds the first inner voxel, among x0 to x1, and the one after the last, of the rows from y on, where all others are outside
 * or none is; the end before the start for a row that is to be looked at by itself. Voxels are inner between two ends which are
 * linear in y and z, so that a voxel farther from both than all that may be wrong is known to be.
 *
 * Limited by the number of instructions, some 20 for a row.
 */
function findEnds(job: usize, scratch: usize, x0: i32, x1: i32, y: i32, z: i32): void {
  slice = z;
  firstFound = y;
  endFound = min(endRow, y + ROWS);
  const stop = scratch + ENDS + slanted * ENDS_AXIS;
  const flatStop = scratch + FLAT_ENDS + flat * ENDS_AXIS;
  const row = <f64>(load<i32>(job, JOB_START + 4) + y);
  const depth = <f64>(load<i32>(job, JOB_START + 8) + z);
  for (let end = scratch + ENDS; end < stop; end += ENDS_AXIS) moveTo(end, depth);
  for (let end = scratch + FLAT_ENDS; end < flatStop; end += ENDS_AXIS) moveTo(end, depth);
  let rows = f64x2.replace_lane(f64x2.splat(row), 1, row + 1);
  let at = scratch + ROW_ENDS;
  for (let j = y; j < endFound; j += 2) {
    // Half a voxel more, so that what the tile ends is never in doubt.
    let first = f64x2.splat(<f64>x0 - 0.5);
    let last = f64x2.splat(<f64>x1 - 0.5);
    let sure = i64x2.splat(-1);
    for (let end = scratch + ENDS; end < stop; end += ENDS_AXIS) {
      first = f64x2.pmax(first, here(end, rows, ENTER_HERE));
      last = f64x2.pmin(last, here(end, rows, LEAVE_HERE));
    }
    for (let end = scratch + FLAT_ENDS; end < flatStop; end += ENDS_AXIS) {
      const isAfter = f64x2.lt(here(end, rows, ENTER_HERE), f64x2.splat(0));
      sure = v128.and(sure, v128.and(isAfter, f64x2.gt(here(end, rows, LEAVE_HERE), f64x2.splat(0))));
    }
    const distance = f64x2.pmin(distanceToWhole(first), distanceToWhole(last));
    sure = v128.and(sure, f64x2.gt(distance, f64x2.splat(inDoubt)));
    const from = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(f64x2.ceil(first)), i32x4.splat(x1));
    const to = i32x4.max_s(i32x4.add(i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(last)), i32x4.splat(1)), from);
    v128.store(at, v128.bitselect(v128.shuffle<i32>(from, to, 0, 4, 1, 5), i64x2.splat(1), sure));
    rows = f64x2.add(rows, f64x2.splat(2));
    at += 16;
  }
}

@inline
function moveTo(end: usize, z: f64): void {
  store<f64>(end, load<f64>(end, ENTER) + load<f64>(end, BY_Z) * z, ENTER_HERE);
  store<f64>(end, load<f64>(end, LEAVE) + load<f64>(end, BY_Z) * z, LEAVE_HERE);
}

@inline
function here(end: usize, rows: v128, which: usize): v128 {
  return f64x2.add(v128.load_splat<u64>(end + which), f64x2.mul(v128.load_splat<u64>(end, BY_Y), rows));
}

@inline
function distanceToWhole(x: v128): v128 {
  return f64x2.abs(f64x2.sub(x, f64x2.nearest(x)));
}
