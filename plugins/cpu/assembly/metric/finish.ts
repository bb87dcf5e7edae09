import { JOB_DIMS, JOB_POINTS } from '../../src/job-layout';
import {
  METRIC_COTANGENTS, METRIC_COUNT, METRIC_FIXED_PLANE, METRIC_MODE, METRIC_MOVING, METRIC_MOVING_PLANE, METRIC_PARAMS,
  METRIC_SINK, METRIC_SLOPE_PLANE, METRIC_VALID_PLANE, MODE_JOINT, MODE_LINEAR, MODE_MOMENTS, MODE_PLANES,
  MODE_SQUARES, MODE_TABLE, MODE_VALIDITY, PARAM_ALPHA, PARAM_BETA, PARAM_BYTES, PARAM_FIXED_SHIFT, PARAM_GAMMA,
  PARAM_IS_FLAT, PARAM_MOVING_SHIFT, SINK_AFFINE, SINK_BOXES, SINK_COTANGENTS, SLOT_COUNT,
} from '../../src/metric/metric-layout';
import { VALUE, VALUE_PLANE } from '../scratch';
import { openBox, spreadRow } from './boxes';
import { everyBit, finiteBits } from './gather';
import { addToJoint, locateInTable, slopesFromTable } from './joint';
import { accumulate, lanes } from '../lanes';
import { FIXED, FIXED_SHIFTED, MOVING_SHIFTED, ONES, SLOPES } from './rows';
import { addMoments, addPart, addPartAtPoints, addSquares, linearSlopesOf } from './sums';

@inline
function paramsOf(job: usize, channel: i32): usize {
  return load<usize>(job, METRIC_PARAMS) + <usize>channel * PARAM_BYTES;
}

/** What a tile needs before its first chunk. */
export function beginTile<F>(job: usize, scratch: usize, tile: i32, channel: i32): void {
  if (load<i32>(job, METRIC_SINK) == SINK_BOXES) openBox(job, scratch, tile, channel == 0);
  for (let k: usize = 0; k < 64 + 4; k++) store<F>(scratch + k * sizeof<F>(), 1, ONES);
}

/**
 * Does with n gathered samples what the pass is for. `valid` has the bits of those that count, `at` is the number of the
 * first sample, x y z its index on the grid.
 */
export function finishChunk<F>(
  job: usize, scratch: usize, channel: i32, n: i32, valid: u64, at: i32, x: i32, y: i32, z: i32, slot: usize,
): void {
  const mode = load<i32>(job, METRIC_MODE);
  if (valid != 0) valid &= finiteBits<F>(job, scratch, n);
  if (mode == MODE_VALIDITY) return storeValidity(job, valid, at, n, channel == 0);
  if (valid != 0 && channel == 0) accumulate(slot + SLOT_COUNT, <f64>popcnt<u64>(valid));
  if (mode == MODE_PLANES) {
    storeValidity(job, valid, at, n, true);
    return storePlanes<F>(job, scratch, channel, at, n, valid);
  }
  if (valid != 0) weigh<F>(job, scratch, channel, n, valid, at, x, y, z, slot, mode);
  if (load<i32>(job, METRIC_SINK) == SINK_COTANGENTS) storeCotangents<F>(job, scratch, at, n, valid, channel == 0);
}

/** Sums and slopes of a chunk in which some sample counts. */
function weigh<F>(
  job: usize, scratch: usize, channel: i32, n: i32, valid: u64, at: i32, x: i32, y: i32, z: i32, slot: usize, mode: i32,
): void {
  const params = paramsOf(job, channel);
  const fixedShift = load<f64>(params, PARAM_FIXED_SHIFT);
  const movingShift = load<f64>(params, PARAM_MOVING_SHIFT);
  if (mode == MODE_JOINT || mode == MODE_TABLE) {
    if (load<f64>(params, PARAM_IS_FLAT) != 0) {
      memory.fill(scratch + SLOPES, 0, <usize>n * sizeof<F>());
      return;
    }
    neutralise<F>(scratch, n, valid, fixedShift, movingShift);
    locateInTable<F>(job, scratch, params, channel, at, n);
    if (mode == MODE_JOINT) return addToJoint<F>(job, scratch, slot, n, valid);
    slopesFromTable<F>(job, scratch, params, channel, n);
  } else {
    neutralise<F>(scratch, n, valid, fixedShift, movingShift);
    if (mode == MODE_SQUARES) addSquares<F>(scratch, n, slot);
    else if (mode == MODE_MOMENTS) addMoments<F>(scratch, n, slot, fixedShift, movingShift);
    else if (mode == MODE_LINEAR) {
      linearSlopesOf<F>(
        scratch, n, fixedShift, movingShift, load<f64>(params, PARAM_ALPHA), load<f64>(params, PARAM_BETA),
        load<f64>(params, PARAM_GAMMA));
    } else {
      const count = load<usize>(job, METRIC_COUNT);
      const plane = load<usize>(job, METRIC_SLOPE_PLANE) + (<usize>channel * count + <usize>at) * sizeof<F>();
      memory.copy(scratch + SLOPES, plane, <usize>n * sizeof<F>());
    }
  }
  const sink = load<i32>(job, METRIC_SINK);
  if (sink == SINK_AFFINE) sinkAffine<F>(job, scratch, n, at, x, y, z, slot, mode);
  else if (sink == SINK_BOXES) spreadRow<F>(job, scratch, n, x, y, z);
}

function sinkAffine<F>(
  job: usize, scratch: usize, n: i32, at: i32, x: i32, y: i32, z: i32, slot: usize, mode: i32,
): void {
  const moving = load<usize>(job, METRIC_MOVING);
  const dims = load<i32>(moving, JOB_DIMS);
  const points = load<usize>(moving, JOB_POINTS);
  const parts = mode == MODE_MOMENTS ? 3 : 1;
  for (let part: usize = 0; part < <usize>parts; part++) {
    const weights = parts == 1 ? SLOPES : part == 0 ? FIXED_SHIFTED : part == 1 ? MOVING_SHIFTED : ONES;
    if (points == 0) addPart<F>(scratch, weights, n, dims, slot, part, <f64>x, <f64>y, <f64>z);
    else addPartAtPoints<F>(scratch, weights, n, dims, slot, part, points + <usize>at * 24);
  }
}

/** Samples that do not count, and lanes past the last, get values that add nothing to any sum, and no slope. */
function neutralise<F>(scratch: usize, n: i32, valid: u64, fixedShift: f64, movingShift: f64): void {
  const end = (n + lanes<F>() - 1) & -lanes<F>();
  for (let bits = everyBit(end) & ~valid; bits != 0; bits &= bits - 1) {
    const at = scratch + <usize>ctz(bits) * sizeof<F>();
    store<F>(at, <F>fixedShift, FIXED);
    store<F>(at, <F>movingShift, VALUE);
    for (let axis: usize = 1; axis < 4; axis++) store<F>(at + axis * VALUE_PLANE, 0, VALUE);
  }
}

/** A byte per sample; after the first channel only those stay that count in every one. */
function storeValidity(job: usize, valid: u64, at: i32, n: i32, isFirst: bool): void {
  const bytes = load<usize>(job, METRIC_VALID_PLANE) + <usize>at;
  let k: usize = 0;
  if (valid == everyBit(n)) {
    if (!isFirst) return;
    for (; k + 8 <= <usize>n; k += 8) store<u64>(bytes + k, 0x0101010101010101);
  }
  for (; k < <usize>n; k++) {
    const bit = <u8>((valid >> k) & 1);
    store<u8>(bytes + k, isFirst ? bit : bit & load<u8>(bytes + k));
  }
}

/** Values of the samples, 0 where they do not count. */
function storePlanes<F>(job: usize, scratch: usize, channel: i32, at: i32, n: i32, valid: u64): void {
  const offset = (<usize>channel * load<usize>(job, METRIC_COUNT) + <usize>at) * sizeof<F>();
  const moving = load<usize>(job, METRIC_MOVING_PLANE) + offset;
  for (let bits = everyBit(n) & ~valid; bits != 0; bits &= bits - 1) {
    const lane = scratch + <usize>ctz(bits) * sizeof<F>();
    store<F>(lane, 0, VALUE);
    store<F>(lane, 0, FIXED);
  }
  memory.copy(moving, scratch + VALUE, <usize>n * sizeof<F>());
  const fixed = load<usize>(job, METRIC_FIXED_PLANE);
  if (fixed != 0) memory.copy(fixed + offset, scratch + FIXED, <usize>n * sizeof<F>());
}

/** D numbers per sample; channels after the first add to them. */
function storeCotangents<F>(job: usize, scratch: usize, at: i32, n: i32, valid: u64, isFirst: bool): void {
  const dims = <usize>load<i32>(load<usize>(job, METRIC_MOVING), JOB_DIMS);
  let out = load<usize>(job, METRIC_COTANGENTS) + <usize>at * dims * 8;
  for (let k: usize = 0; k < <usize>n; k++) {
    const lane = scratch + k * sizeof<F>();
    const isValid = ((valid >> k) & 1) != 0;
    for (let axis: usize = 1; axis <= dims; axis++) {
      const cotangent = isValid ? <f64>load<F>(lane, SLOPES) * <f64>load<F>(lane + axis * VALUE_PLANE, VALUE) : 0;
      if (isFirst) store<f64>(out, cotangent);
      else accumulate(out, cotangent);
      out += 8;
    }
  }
}
