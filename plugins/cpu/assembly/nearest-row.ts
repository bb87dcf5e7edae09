import {
  JOB_BLOCK, JOB_INTERPOLATOR, JOB_SOURCE_TYPE, JOB_START, JOB_STEPS, LINEAR, NEAREST, STEP_MATRIX,
} from '../src/job-layout';
import { bytesOf, copiesSamples } from './sample';
import { LINE, LINE_TERMS, RUN, STRETCH, STRETCH_AXIS, STRETCH_PLACE } from './scratch';
import { boxX, boxY, boxZ, sizeX, sizeY, sizeZ } from './stage';
import { viewOrigin, viewPlane, viewRow } from './view';

// What the rows of a tile are placed with. Addresses of index (0, 0, 0) and of the box' first sample, bytes between planes;
// bytes between samples and rows, in the upper halves of words; of each axis the start of a stretch.
const BASE: usize = RUN;
const ORIGIN: usize = RUN + 4;
const PLANE: usize = RUN + 8;
const ACROSS: usize = RUN + 12;
const DOWN: usize = RUN + 16;
const ROW: usize = RUN + 20;
const FROM: usize = RUN + 24;
/** Of each axis, float64: what takes a position in units to one counted from half a sample before the box, and 1. */
const TO_BOX: usize = RUN + 40;

/** Units of a fast position: its upper half counts samples. */
const ONE: f64 = 65536;
/** 1.5 · 2^52: added to a number it leaves no place for a fraction. */
const WHOLE: f64 = 6755399441055744;
/** Samples and bytes that the upper half of a word counts. */
const MOST: i32 = 32767;
/** Terms of a position up to which rounding in float64 stays far below a unit. */
const TAME: f64 = 262144;

let isOpen: bool = false;
/** Can rows of the tile be placed in fixed point? */
let isQuick: bool = false;

/** Is what `openNearest` was called for last copied? */
@inline
export function isNearestOpen(): bool {
  return isOpen;
}

/** Prepares for the rows of a tile whose view is open, and whose box was measured if any of its voxels is inner. */
export function openNearest(job: usize, scratch: usize): void {
  isOpen = load<i32>(job, JOB_INTERPOLATOR) < LINEAR && copiesSamples(job);
  if (!isOpen) return;
  const bytes = <i32>bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  const base = <i32>viewOrigin(scratch);
  const row = viewRow(scratch) * bytes;
  const plane = viewPlane(scratch) * bytes;
  store<i32>(scratch + BASE, base);
  store<i32>(scratch + ORIGIN, base + boxX * bytes + boxY * row + boxZ * plane);
  store<i32>(scratch + ROW, row);
  store<i32>(scratch + PLANE, plane);
  store<i32>(scratch + ACROSS, bytes << 16);
  store<i32>(scratch + DOWN, row << 16);
  isQuick = sizeX > 0 && max(sizeX, max(sizeY, sizeZ)) <= MOST && row <= MOST;
  for (let axis: usize = 0; axis < 3; axis++) {
    const first = axis == 0 ? boxX : axis == 1 ? boxY : boxZ;
    store<f64>(scratch + TO_BOX + axis * 8, WHOLE + 1 - (<f64>first - 0.5) * ONE);
    isQuick = isQuick && isTame(job, axis);
    setSteps(job, scratch, axis);
  }
}

/** Is every term of every position of the block small? */
function isTame(job: usize, axis: usize): bool {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32;
  let sum = Math.abs(load<f64>(m, 24));
  for (let column: usize = 0; column < 3; column++) {
    const start = load<i32>(job + (column << 2), JOB_START);
    const end = start + load<i32>(job + (column << 2), JOB_BLOCK);
    sum += Math.abs(load<f64>(m + (column << 3))) * <f64>max(abs(start), abs(end));
  }
  return sum < TAME;
}

/** How far along an axis each voxel of a stretch is from its first one, rounded to a unit; those that fill the last vector too. */
function setSteps(job: usize, scratch: usize, axis: usize): void {
  const slope = f64x2.splat(load<f64>(load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32) * ONE);
  let at = scratch + STRETCH_PLACE + (axis + 1) * STRETCH_AXIS;
  const end = at + (STRETCH << 2);
  let k = f64x2(0, 1);
  do {
    const a = f64x2.add(f64x2.mul(slope, k), f64x2.splat(WHOLE));
    k = f64x2.add(k, f64x2.splat(2));
    const b = f64x2.add(f64x2.mul(slope, k), f64x2.splat(WHOLE));
    k = f64x2.add(k, f64x2.splat(2));
    v128.store(at, v128.shuffle<i32>(a, b, 0, 2, 4, 6));
    at += 16;
  } while (at < end);
}

/** Copies, for n inner voxels of a straight row from index x on, the sample nearest to each, as it is: all bits of so many bytes. */
export function copyNearest(job: usize, scratch: usize, bytes: usize, x: f64, n: i32, out: usize): void {
  for (let k = 0; k < n; k += STRETCH) {
    const count = min(STRETCH, n - k);
    const from = x + <f64>k;
    if (!isQuick || !placeQuickly(scratch, from, count)) placeExactly(job, scratch, bytes, from, count);
    const to = out + <usize>k * bytes;
    if (bytes == 1) copySamples<u8>(scratch + STRETCH_PLACE, count, to);
    else if (bytes == 2) copySamples<u16>(scratch + STRETCH_PLACE, count, to);
    else if (bytes == 4) copySamples<u32>(scratch + STRETCH_PLACE, count, to);
    else copySamples<u64>(scratch + STRETCH_PLACE, count, to);
  }
}

/**
 * Addresses of the samples nearest to n voxels. False where one of them is in doubt: start and step are rounded to half a
 * unit each, so that a position that is less than two units from a tie may have fallen on its wrong side.
 *
 * Limited by the number of instructions, 25 for four voxels: a load and an addition for each axis, the products of upper halves
 * with what samples, rows and planes are apart, their sums, and the least of all lower halves.
 */
function placeQuickly(scratch: usize, x: f64, n: i32): bool {
  store<i32>(scratch + FROM, start(scratch, 0, x));
  store<i32>(scratch + FROM, start(scratch, 1, x), 4);
  store<i32>(scratch + FROM, start(scratch, 2, x), 8);
  // What is loaded stays in registers; what is computed, the compiler would move into the loop.
  const origin = v128.load_splat<u32>(scratch + ORIGIN);
  const across = v128.load_splat<u32>(scratch + ACROSS);
  const down = v128.load_splat<u32>(scratch + DOWN);
  const plane = v128.load_splat<u32>(scratch + PLANE);
  const fromX = v128.load_splat<u32>(scratch + FROM);
  const fromY = v128.load_splat<u32>(scratch + FROM, 4);
  const fromZ = v128.load_splat<u32>(scratch + FROM, 8);
  let least = i32x4.splat(-1);
  let at = scratch + STRETCH_PLACE;
  const end = at + ((<usize>n) << 2);
  do {
    const px = i32x4.add(v128.load(at, STRETCH_AXIS), fromX);
    const py = i32x4.add(v128.load(at, 2 * STRETCH_AXIS), fromY);
    const pz = i32x4.add(v128.load(at, 3 * STRETCH_AXIS), fromZ);
    const yz = i32x4.add(i32x4.dot_i16x8_s(py, down), i32x4.mul(i32x4.shr_u(pz, 16), plane));
    v128.store(at, i32x4.add(i32x4.add(origin, i32x4.dot_i16x8_s(px, across)), yz));
    least = i16x8.min_u(least, i16x8.min_u(px, i16x8.min_u(py, pz)));
    at += 16;
  } while (at < end);
  return !v128.any_true(i32x4.lt_u(v128.and(least, i32x4.splat(0xffff)), i32x4.splat(3)));
}

/** The position of a voxel along an axis, counted from half a sample before the box and one unit more. */
@inline
function start(scratch: usize, axis: usize, x: f64): i32 {
  const at = load<f64>(scratch + LINE + axis * 16) * x + load<f64>(scratch + LINE + axis * 16, 8);
  return whole(at * ONE + load<f64>(scratch + TO_BOX + axis * 8));
}

/** The low word of a number to which WHOLE was added: what it was, rounded. */
@inline
function whole(x: f64): i32 {
  return <i32>reinterpret<i64>(x);
}

/** The same of all, by positions summed in the order of the sdk's maps and rounded as it says. */
function placeExactly(job: usize, scratch: usize, bytes: usize, x: f64, n: i32): void {
  const up = load<i32>(job, JOB_INTERPOLATOR) == NEAREST;
  for (let k = 0; k < n; k += 4) {
    let place = v128.load_splat<u32>(scratch + BASE);
    for (let axis: usize = 0; axis < 3; axis++) {
      const apart = axis == 0 ? <i32>bytes : axis == 1 ? load<i32>(scratch + ROW) : load<i32>(scratch + PLANE);
      const a = exactIndex(scratch, axis, f64x2.replace_lane(f64x2.splat(x + <f64>k), 1, x + <f64>(k + 1)), up);
      const b = exactIndex(scratch, axis, f64x2.replace_lane(f64x2.splat(x + <f64>(k + 2)), 1, x + <f64>(k + 3)), up);
      place = i32x4.add(place, i32x4.mul(v128.shuffle<i64>(a, b, 0, 2), i32x4.splat(apart)));
    }
    v128.store(scratch + STRETCH_PLACE + ((<usize>k) << 2), place);
  }
}

@inline
function exactIndex(scratch: usize, axis: usize, x: v128, up: bool): v128 {
  const terms = scratch + LINE_TERMS + axis * 24;
  let sum = f64x2.mul(v128.load_splat<u64>(scratch + LINE + axis * 16), x);
  sum = f64x2.add(sum, v128.load_splat<u64>(terms));
  sum = f64x2.add(sum, v128.load_splat<u64>(terms + 8));
  sum = f64x2.add(sum, v128.load_splat<u64>(terms + 16));
  const rounded = up ? f64x2.floor(f64x2.add(sum, f64x2.splat(0.5))) : f64x2.nearest(sum);
  return i32x4.trunc_sat_f64x2_s_zero(rounded);
}

/** n samples from the addresses that are kept at `at`. Limited by the loads, of an address and a sample for each voxel. */
@inline
export function copySamples<T>(at: usize, n: i32, out: usize): void {
  const none = i64x2.splat(0);
  const end = at + ((<usize>n & ~3) << 2);
  while (at < end) {
    const a = v128.load_lane<T>(load<usize>(at), none, 0);
    const ab = v128.load_lane<T>(load<usize>(at, 4), a, 1);
    if (sizeof<T>() == 8) {
      const c = v128.load_lane<T>(load<usize>(at, 8), none, 0);
      v128.store(out, ab);
      v128.store(out, v128.load_lane<T>(load<usize>(at, 12), c, 1), 16);
    } else {
      const abc = v128.load_lane<T>(load<usize>(at, 8), ab, 2);
      const all = v128.load_lane<T>(load<usize>(at, 12), abc, 3);
      if (sizeof<T>() == 4) v128.store(out, all);
      else if (sizeof<T>() == 2) v128.store_lane<u64>(out, all, 0);
      else v128.store_lane<u32>(out, all, 0);
    }
    at += 16;
    out += 4 * sizeof<T>();
  }
  for (let k = n & 3; k > 0; k--) {
    store<T>(out, load<T>(load<usize>(at)));
    at += 4;
    out += sizeof<T>();
  }
}
