import {
  FOLD_CLAMP, FOLD_FILL, FOLD_MIRROR, FOLD_REFLECT, JOB_EXTENT, JOB_FOLD, JOB_INTERPOLATOR, JOB_WRAP, LINEAR, NEAREST,
} from '../src/job-layout';
import { copySamples } from './nearest-row';
import { bytesOf, copiesSamples } from './sample';
import { LINE, LINE_TERMS, RULE, RULE_AXIS, STRETCH, STRETCH_PLACE } from './scratch';
import { viewOrigin, viewPlane, viewRow, viewType } from './view';

// How the positions of a part of a row fold along an axis, by one formula for all: not at all, to the edge, mirrored or reflected
// once, or moved by a period. Each is that of settle.ts, for positions so near.
const WITHIN: i32 = 0;
const CLAMPED: i32 = 1;
const MIRRORED: i32 = 2;
const REFLECTED: i32 = 3;
const MOVED: i32 = 4;
const UNKNOWN: i32 = 5;

/** Where it is the fill value that stands beyond half a sample off, no position may be nearer to that. */
const DOUBT: f64 = 1e-6;

// Of an axis, what loops load: loaded before a loop it stays in a register, computed it would move into the loop.
/** The last sample, float64. */
const LAST: usize = RULE;
/** What positions move by, or the sum of a position and its image. */
const PERIOD: usize = RULE + 8;
const KIND: usize = RULE + 16;
const APART: usize = RULE + 20;

/**
 * Copies the nearest sample for the voxels x0 to x1 of a straight row, of which some lie beyond the samples of an axis: the one that
 * the boundary finds there, in the source itself. False, with nothing written, where samples are not copied as they are, where
 * one may be the fill value, and where a position is farther off than a period or not finite.
 *
 * Limited by the number of instructions: 28 to place four voxels along an axis on which their samples differ, up to 16 more where
 * it folds, and 12 to copy them.
 */
export function copyFolded(job: usize, scratch: usize, x0: i32, x1: i32, out: usize): bool {
  if (load<i32>(job, JOB_INTERPOLATOR) >= LINEAR || !copiesSamples(job)) return false;
  for (let axis: usize = 0; axis < 3; axis++) {
    if (!setRule(job, scratch, axis, <f64>x0, <f64>(x1 - 1))) return false;
  }
  const bytes = bytesOf(viewType(scratch));
  store<i32>(scratch, <i32>bytes, APART);
  store<i32>(scratch + RULE_AXIS, viewRow(scratch) * <i32>bytes, APART);
  store<i32>(scratch + 2 * RULE_AXIS, viewPlane(scratch) * <i32>bytes, APART);
  if (bytes == 1) copyRow<u8>(job, scratch, x0, x1, out);
  else if (bytes == 2) copyRow<u16>(job, scratch, x0, x1, out);
  else if (bytes == 4) copyRow<u32>(job, scratch, x0, x1, out);
  else copyRow<u64>(job, scratch, x0, x1, out);
  return true;
}

/** Finds the rule for an axis by the first and the last voxel, between which positions are monotone; false where there is none. */
function setRule(job: usize, scratch: usize, axis: usize, first: f64, last: f64): bool {
  const n = load<f64>(job + axis * 8, JOB_EXTENT);
  const ends = positions(scratch, axis, f64x2.replace_lane(f64x2.splat(first), 1, last));
  const low = Math.min(f64x2.extract_lane(ends, 0), f64x2.extract_lane(ends, 1));
  const high = Math.max(f64x2.extract_lane(ends, 0), f64x2.extract_lane(ends, 1));
  const rule = scratch + axis * RULE_AXIS;
  store<f64>(rule, n - 1, LAST);
  store<i32>(rule, UNKNOWN, KIND);
  const fold = load<i32>(job, JOB_FOLD);
  if (low >= 0 && high <= n - 1) store<i32>(rule, WITHIN, KIND);
  else if (fold == FOLD_FILL) setKind(rule, CLAMPED, 0, low >= -0.5 && high <= n - 0.5 - DOUBT);
  else if (fold == FOLD_CLAMP || n == 1) setKind(rule, CLAMPED, 0, low > -Infinity && high < Infinity);
  else if (load<i32>(job, JOB_WRAP) != 0) setKind(rule, MOVED, n - 1, low > 1 - n && high < 2 * n - 2);
  else if (fold == FOLD_MIRROR) setKind(rule, MIRRORED, 2 * n - 2, low >= 1 - n && high < 2 * n - 2);
  else if (fold == FOLD_REFLECT) setKind(rule, REFLECTED, 2 * n, low >= -n && high < 2 * n - 1);
  else setKind(rule, MOVED, n, low > -n && high < 2 * n);
  return load<i32>(rule, KIND) != UNKNOWN;
}

@inline
function setKind(rule: usize, kind: i32, period: f64, isNear: bool): void {
  store<f64>(rule, period, PERIOD);
  if (isNear) store<i32>(rule, kind, KIND);
}

function copyRow<T>(job: usize, scratch: usize, x0: i32, x1: i32, out: usize): void {
  for (let x = x0; x < x1; x += STRETCH) {
    const n = min(STRETCH, x1 - x);
    placeFolded(job, scratch, <f64>x, n);
    copySamples<T>(scratch + STRETCH_PLACE, n, out);
    out += <usize>n * sizeof<T>();
  }
}

/** Addresses of the samples of n voxels. An axis whose index is the same at both ends has it everywhere in between. */
function placeFolded(job: usize, scratch: usize, x: f64, n: i32): void {
  const up = load<i32>(job, JOB_INTERPOLATOR) == NEAREST;
  const ends = f64x2.replace_lane(f64x2.splat(x), 1, x + <f64>(n - 1));
  let origin = <i32>viewOrigin(scratch);
  let varying = 0;
  for (let axis: usize = 0; axis < 3; axis++) {
    const rule = scratch + axis * RULE_AXIS;
    const index = load<i32>(rule, KIND) <= CLAMPED ? indexOf(CLAMPED, rule, positions(scratch, axis, ends), up) : i32x4(0, 1, 0, 0);
    if (i32x4.extract_lane(index, 0) != i32x4.extract_lane(index, 1)) varying |= 1 << <i32>axis;
    else origin += i32x4.extract_lane(index, 0) * load<i32>(rule, APART);
  }
  const end = scratch + STRETCH_PLACE + ((<usize>n) << 2);
  for (let at = scratch + STRETCH_PLACE; at < end; at += 16) v128.store(at, i32x4.splat(origin));
  for (let axis: usize = 0; axis < 3; axis++) {
    if ((varying >> <i32>axis) & 1) addAxis(scratch, axis, x, end, up);
  }
}

function addAxis(scratch: usize, axis: usize, x: f64, end: usize, up: bool): void {
  const kind = load<i32>(scratch + axis * RULE_AXIS, KIND);
  if (kind == WITHIN) addPlaces(WITHIN, scratch, axis, x, end, up);
  else if (kind == CLAMPED) addPlaces(CLAMPED, scratch, axis, x, end, up);
  else if (kind == MIRRORED) addPlaces(MIRRORED, scratch, axis, x, end, up);
  else if (kind == REFLECTED) addPlaces(REFLECTED, scratch, axis, x, end, up);
  else addPlaces(MOVED, scratch, axis, x, end, up);
}

/** Adds what the indices along an axis are worth; `kind` is a constant where it is called. */
@inline
function addPlaces(kind: i32, scratch: usize, axis: usize, x: f64, end: usize, up: bool): void {
  const rule = scratch + axis * RULE_AXIS;
  const apart = v128.load_splat<u32>(rule, APART);
  const four = f64x2.splat(4);
  let a = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let b = f64x2.add(a, f64x2.splat(2));
  let at = scratch + STRETCH_PLACE;
  do {
    const index = v128.shuffle<i64>(
      indexOf(kind, rule, positions(scratch, axis, a), up), indexOf(kind, rule, positions(scratch, axis, b), up), 0, 2);
    v128.store(at, i32x4.add(v128.load(at), i32x4.mul(index, apart)));
    a = f64x2.add(a, four);
    b = f64x2.add(b, four);
    at += 16;
  } while (at < end);
}

/** Two positions along an axis, summed in the order of the sdk's maps. */
@inline
function positions(scratch: usize, axis: usize, x: v128): v128 {
  const terms = scratch + LINE_TERMS + axis * 24;
  const byX = f64x2.mul(v128.load_splat<u64>(scratch + LINE + axis * 16), x);
  const xy = f64x2.add(byX, v128.load_splat<u64>(terms));
  return f64x2.add(f64x2.add(xy, v128.load_splat<u64>(terms, 8)), v128.load_splat<u64>(terms, 16));
}

/** The samples, in lanes 0 and 1, that stand at two positions: folded before they are rounded, and what then is past the end again. */
@inline
function indexOf(kind: i32, rule: usize, p: v128, up: bool): v128 {
  const folded = fold(kind, rule, p);
  const rounded = up ? f64x2.floor(f64x2.add(folded, f64x2.splat(0.5))) : f64x2.nearest(folded);
  if (kind == WITHIN) return i32x4.trunc_sat_f64x2_s_zero(rounded);
  const last = v128.load_splat<u64>(rule, LAST);
  if (kind == CLAMPED) return i32x4.trunc_sat_f64x2_s_zero(f64x2.pmax(f64x2.pmin(rounded, last), f64x2.splat(0)));
  const past = f64x2.gt(rounded, last);
  const again = kind == MIRRORED ? f64x2.sub(last, f64x2.splat(1)) : kind == REFLECTED ? last : f64x2.splat(0);
  return i32x4.trunc_sat_f64x2_s_zero(v128.bitselect(again, rounded, past));
}

/** The operations of settle.ts in their order. */
@inline
function fold(kind: i32, rule: usize, p: v128): v128 {
  if (kind == WITHIN || kind == CLAMPED) return p;
  const last = v128.load_splat<u64>(rule, LAST);
  const period = v128.load_splat<u64>(rule, PERIOD);
  const below = f64x2.lt(p, f64x2.splat(0));
  if (kind == MIRRORED) {
    const positive = f64x2.abs(p);
    // What is less than one past the last sample is rounded first.
    return v128.bitselect(f64x2.sub(period, positive), positive, f64x2.ge(positive, f64x2.add(last, f64x2.splat(1))));
  }
  if (kind == MOVED) {
    const moved = v128.bitselect(f64x2.add(p, period), p, below);
    return v128.bitselect(f64x2.sub(p, period), moved, f64x2.gt(p, period));
  }
  const half = f64x2.splat(0.5);
  const middle = f64x2.add(p, half);
  const positive = f64x2.sub(v128.bitselect(f64x2.add(middle, period), middle, f64x2.lt(middle, f64x2.splat(0))), half);
  const reflected = f64x2.sub(f64x2.sub(period, f64x2.splat(1)), positive);
  const folded = v128.bitselect(reflected, positive, f64x2.gt(positive, f64x2.add(last, half)));
  return v128.bitselect(folded, p, v128.or(below, f64x2.gt(p, last)));
}
