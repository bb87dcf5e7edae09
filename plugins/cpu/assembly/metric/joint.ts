import {
  METRIC_BINS, METRIC_COUNT, METRIC_FIXED_BINS, METRIC_SLOTS, METRIC_TABLE, PADDING, PARAM_FIXED_MAX, PARAM_FIXED_MIN,
  PARAM_FIXED_WIDTH, PARAM_MOVING_MAX, PARAM_MOVING_MIN, PARAM_MOVING_WIDTH, SLOT_BYTES, TABLE_CELL,
} from '../../src/metric/metric-layout';
import { VALUE } from '../scratch';
import { everyBit } from './gather';
import { CELL, FIXED, SLOPES, WITHIN } from './rows';

/** Cell of the joint histogram, into CELL, and position within the moving bin, into WITHIN, of n samples. */
export function locateInTable<F>(job: usize, scratch: usize, params: usize, channel: i32, at: i32, n: i32): void {
  const known = load<usize>(job, METRIC_FIXED_BINS);
  const fixedBins = known + ((<usize>channel * load<usize>(job, METRIC_COUNT) + <usize>at) << 1);
  if (sizeof<F>() == 4 && known != 0) return locateNarrow(job, scratch, params, fixedBins, n);
  const bins = load<i32>(job, METRIC_BINS);
  const low = load<f64>(params, PARAM_MOVING_MIN);
  const high = load<f64>(params, PARAM_MOVING_MAX);
  const width = load<f64>(params, PARAM_MOVING_WIDTH);
  const last = bins - PADDING - 1;
  for (let k: usize = 0; k < <usize>n; k++) {
    const lane = scratch + k * sizeof<F>();
    const value = Math.min(Math.max(<f64>load<F>(lane, VALUE), low), high);
    const position = (value - low) / width + <f64>PADDING;
    const bin = min(<i32>position, last);
    const row = known != 0 ? <i32>load<u16>(fixedBins + (k << 1)) : fixedBin(params, <f64>load<F>(lane, FIXED), last);
    store<i32>(scratch + (k << 2), row * bins + bin, CELL);
    store<F>(lane, <F>(position - <f64>bin), WITHIN);
  }
}

@inline
function fixedBin(params: usize, value: f64, last: i32): i32 {
  const low = load<f64>(params, PARAM_FIXED_MIN);
  const inside = Math.min(Math.max(value, low), load<f64>(params, PARAM_FIXED_MAX));
  return min(<i32>((inside - low) / load<f64>(params, PARAM_FIXED_WIDTH) + <f64>PADDING), last);
}

/** Four float32 at a time: the window is continuous in the moving value, so its last digit does not decide. */
function locateNarrow(job: usize, scratch: usize, params: usize, fixedBins: usize, n: i32): void {
  const bins = load<i32>(job, METRIC_BINS);
  const low = f32x4.splat(<f32>load<f64>(params, PARAM_MOVING_MIN));
  const high = f32x4.splat(<f32>load<f64>(params, PARAM_MOVING_MAX));
  const perWidth = f32x4.splat(<f32>(1 / load<f64>(params, PARAM_MOVING_WIDTH)));
  const last = i32x4.splat(bins - PADDING - 1);
  const end = scratch + ((<usize>n) << 2);
  let row = fixedBins;
  for (let at = scratch; at < end; at += 16) {
    const value = f32x4.min(f32x4.max(v128.load(at, VALUE), low), high);
    const position = f32x4.add(f32x4.mul(f32x4.sub(value, low), perWidth), f32x4.splat(<f32>PADDING));
    const bin = i32x4.min_s(i32x4.trunc_sat_f32x4_s(position), last);
    v128.store(at, i32x4.add(i32x4.mul(v128.load_ext<u16>(row), i32x4.splat(bins)), bin), CELL);
    v128.store(at, f32x4.sub(position, f32x4.convert_i32x4_s(bin)), WITHIN);
    row += 8;
  }
}

/**
 * Adds 1, t, t² and t³ of each sample that counts to its cell: what its cubic window adds to four cells is a sum of those,
 * and samples of neighbouring cells never write to the same place.
 */
export function addToJoint<F>(job: usize, scratch: usize, slot: usize, n: i32, valid: u64): void {
  const bins = load<usize>(job, METRIC_BINS);
  const index = (slot - load<usize>(job, METRIC_SLOTS)) / SLOT_BYTES;
  const joint = load<usize>(job, METRIC_TABLE) + ((index * bins * bins) << 5);
  if (valid == everyBit(n)) {
    for (let k: usize = 0; k < <usize>n; k++) addPowers<F>(joint, scratch, k);
    return;
  }
  for (let bits = valid; bits != 0; bits &= bits - 1) addPowers<F>(joint, scratch, <usize>ctz(bits));
}

@inline
function addPowers<F>(joint: usize, scratch: usize, k: usize): void {
  const t = <f64>load<F>(scratch + k * sizeof<F>(), WITHIN);
  const cell = joint + (load<usize>(scratch + (k << 2), CELL) << 5);
  const low = f64x2.replace_lane(f64x2.splat(1), 1, t);
  const high = f64x2.mul(low, f64x2.splat(t * t));
  v128.store(cell, f64x2.add(v128.load(cell), low));
  v128.store(cell, f64x2.add(v128.load(cell, 16), high), 16);
}

/** Slopes c0 + c1 t + c2 t² of the samples' cells; 0 beyond the range of the moving image. */
export function slopesFromTable<F>(job: usize, scratch: usize, params: usize, channel: i32, n: i32): void {
  const bins = load<usize>(job, METRIC_BINS);
  const table = load<usize>(job, METRIC_TABLE) + <usize>channel * bins * bins * TABLE_CELL * sizeof<F>();
  const low = load<f64>(params, PARAM_MOVING_MIN);
  const high = load<f64>(params, PARAM_MOVING_MAX);
  if (sizeof<F>() == 4) return narrowSlopes(scratch, table, <f32>low, <f32>high, n);
  for (let k: usize = 0; k < <usize>n; k++) {
    const lane = scratch + k * sizeof<F>();
    const value = <f64>load<F>(lane, VALUE);
    const t = load<F>(lane, WITHIN);
    const c = table + load<usize>(scratch + (k << 2), CELL) * TABLE_CELL * sizeof<F>();
    const slope = load<F>(c) + t * (load<F>(c + sizeof<F>()) + t * load<F>(c + 2 * sizeof<F>()));
    store<F>(lane, value < low || value > high ? 0 : slope, SLOPES);
  }
}

function narrowSlopes(scratch: usize, table: usize, low: f32, high: f32, n: i32): void {
  const end = scratch + ((<usize>n) << 2);
  for (let at = scratch; at < end; at += 16) {
    const a = v128.load(table + (load<usize>(at, CELL) << 4));
    const b = v128.load(table + (load<usize>(at, CELL + 4) << 4));
    const c = v128.load(table + (load<usize>(at, CELL + 8) << 4));
    const d = v128.load(table + (load<usize>(at, CELL + 12) << 4));
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const squares = v128.shuffle<i64>(v128.shuffle<f32>(a, b, 2, 6, 2, 6), v128.shuffle<f32>(c, d, 2, 6, 2, 6), 0, 2);
    const t = v128.load(at, WITHIN);
    const steep = f32x4.add(v128.shuffle<i64>(ab, cd, 1, 3), f32x4.mul(t, squares));
    const slope = f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), f32x4.mul(t, steep));
    const value = v128.load(at, VALUE);
    const isInside = v128.and(f32x4.ge(value, f32x4.splat(low)), f32x4.le(value, f32x4.splat(high)));
    v128.store(at, v128.and(slope, isInside), SLOPES);
  }
}
