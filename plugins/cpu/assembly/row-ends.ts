import { JOB_DIMS, JOB_SHIFT, JOB_START, JOB_STEPS, STEP_MATRIX } from '../src/job-layout';
import { keepsOrder } from './positions';
import { BOUND, BOUND_AXIS, ENDS, ENDS_AXIS, LINE, LINE_TERMS } from './scratch';
import * as straight from './straight';

// What straight.ts tells of a row.
export let innerFrom: i32 = 0;
export let innerTo: i32 = 0;
export let outerFrom: i32 = 0;
export let outerTo: i32 = 0;

/** Covers the rounding of positions. */
const MARGIN: f64 = 1e-6;

// The bounds of an axis, as in straight.ts: least and most position of what is not outside, then of what is inner;
// infinite where the tile does not reach them. Then one over the slope.
const OUTER: usize = 0;
const INNER: usize = 16;
const INVERSE: usize = 32;

const ALL_INNER: i32 = 0;
/** Inner and not outside is the same. */
const BY_OUTER: i32 = 1;
/** None is outside. */
const BY_INNER: i32 = 2;
const BY_BOTH: i32 = 3;

let rule: i32 = 0;

/** Finds out which bounds the tile reaches at all, once straight.ts has set them. */
export function setEnds(job: usize, scratch: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): void {
  let meetsOuter = false;
  let meetsInner = false;
  let isCovered = true;
  for (let axis: usize = 0; axis < 3; axis++) {
    const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32;
    let least = load<f64>(m, 24) + load<f64>(job + axis * 8, JOB_SHIFT);
    let most = least;
    for (let column: usize = 0; column < 3; column++) {
      const start = load<i32>(job + (column << 2), JOB_START);
      const from = column == 0 ? x0 : column == 1 ? y0 : z0;
      const to = column == 0 ? x1 : column == 1 ? y1 : z1;
      const a = load<f64>(m + (column << 3)) * <f64>(start + from);
      const b = load<f64>(m + (column << 3)) * <f64>(start + to - 1);
      least += Math.min(a, b);
      most += Math.max(a, b);
    }
    const bound = scratch + BOUND + axis * BOUND_AXIS;
    const end = scratch + ENDS + axis * ENDS_AXIS;
    for (let which: usize = OUTER; which <= INNER; which += INNER) {
      const low = load<f64>(bound + which);
      const high = load<f64>(bound + which, 8);
      store<f64>(end + which, least - MARGIN >= low ? -Infinity : low);
      store<f64>(end + which, most + MARGIN <= high ? Infinity : high, 8);
    }
    store<f64>(end, 1 / load<f64>(m), INVERSE);
    const low = load<f64>(end);
    const high = load<f64>(end, 8);
    const innerLow = load<f64>(end, INNER);
    const innerHigh = load<f64>(end, INNER + 8);
    meetsOuter = meetsOuter || low != -Infinity || high != Infinity;
    meetsInner = meetsInner || innerLow != -Infinity || innerHigh != Infinity;
    isCovered = isCovered && innerLow <= low && innerHigh >= high;
  }
  rule = load<i32>(job, JOB_DIMS) != 3 ? BY_BOTH : isCovered ? (meetsOuter ? BY_OUTER : ALL_INNER) : meetsOuter ? BY_BOTH : BY_INNER;
}

/** Tells what straight.ts does of the voxels x0 to x1 of a row of the tile, quickly where it can. */
export function judgeTileRow(job: usize, scratch: usize, x0: i32, x1: i32): void {
  innerFrom = outerFrom = x0;
  innerTo = outerTo = x1;
  if (rule == ALL_INNER) return;
  if (rule != BY_BOTH && findEnds(job, scratch, x0, x1)) {
    if (rule == BY_INNER) return;
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
 * Finds the voxels of a row, among x0 to x1, whose positions are between the bounds. Estimated by a division that the tile
 * has done once, then proved by the positions on both sides of either end, as positions.ts computes them and monotone in
 * x. False where that proves nothing.
 */
function findEnds(job: usize, scratch: usize, x0: i32, x1: i32): bool {
  const ordered = keepsOrder(job);
  const bounds = scratch + ENDS + (rule == BY_OUTER ? OUTER : INNER);
  let first = f64x2.splat(<f64>x0);
  let last = f64x2.splat(<f64>(x1 - 1));
  for (let axis: usize = 0; axis < 3; axis++) {
    const offset = load<f64>(scratch + axis * 16, LINE + 8) + load<f64>(job + axis * 8, JOB_SHIFT);
    const inverse = v128.load_splat<u64>(scratch + ENDS + axis * ENDS_AXIS, INVERSE);
    const met = f64x2.mul(f64x2.sub(v128.load(bounds + axis * ENDS_AXIS), f64x2.splat(offset)), inverse);
    const other = v128.shuffle<i64>(met, met, 1, 0);
    first = f64x2.pmax(first, f64x2.pmin(met, other));
    last = f64x2.pmin(last, f64x2.pmax(met, other));
  }
  const from = f64x2.extract_lane(f64x2.ceil(first), 0);
  const end = f64x2.extract_lane(f64x2.floor(last), 0);
  if (!(from <= end)) return false;
  const entry = f64x2.replace_lane(f64x2.splat(from - 1), 1, from);
  const exit = f64x2.replace_lane(f64x2.splat(end + 1), 1, end);
  let enters = i64x2.splat(-1);
  let leaves = i64x2.splat(-1);
  for (let axis: usize = 0; axis < 3; axis++) {
    const terms = scratch + LINE_TERMS + axis * 24;
    const slope = v128.load_splat<u64>(scratch + axis * 16, LINE);
    const second = ordered ? v128.load_splat<u64>(terms) : v128.load_splat<u64>(scratch + axis * 16, LINE + 8);
    const third = ordered ? v128.load_splat<u64>(terms, 8) : v128.load_splat<u64>(job + axis * 8, JOB_SHIFT);
    const fourth = ordered ? v128.load_splat<u64>(terms, 16) : f64x2.splat(0);
    const low = v128.load_splat<u64>(bounds + axis * ENDS_AXIS);
    const high = v128.load_splat<u64>(bounds + axis * ENDS_AXIS, 8);
    const a = f64x2.add(f64x2.add(f64x2.add(f64x2.mul(slope, entry), second), third), fourth);
    const b = f64x2.add(f64x2.add(f64x2.add(f64x2.mul(slope, exit), second), third), fourth);
    enters = v128.and(enters, v128.and(f64x2.ge(a, low), f64x2.le(a, high)));
    leaves = v128.and(leaves, v128.and(f64x2.ge(b, low), f64x2.le(b, high)));
  }
  innerFrom = <i32>from;
  innerTo = <i32>end + 1;
  // Lane 1 is within; lane 0, beyond the end, is not, unless there is no voxel.
  return i64x2.bitmask(enters) - (innerFrom == x0 ? i64x2.bitmask(enters) & 1 : 0) == 2
    && i64x2.bitmask(leaves) - (innerTo == x1 ? i64x2.bitmask(leaves) & 1 : 0) == 2;
}
