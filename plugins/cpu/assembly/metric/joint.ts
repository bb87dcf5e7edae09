import {
  METRIC_BINS, METRIC_COUNT, METRIC_FIXED_BINS, METRIC_SLOTS, METRIC_TABLE, PADDING, PARAM_FIXED_MAX, PARAM_FIXED_MIN,
  PARAM_FIXED_WIDTH, PARAM_MOVING_MAX, PARAM_MOVING_MIN, PARAM_MOVING_WIDTH, SLOT_BYTES, TABLE_CELL,
} from '../../src/metric/metric-layout';
import { VALUE } from '../scratch';
import { accumulate } from './lanes';
import { CELL, FIXED, SLOPES, WITHIN } from './rows';

/** Cell of the joint histogram, into CELL, and position within the moving bin, into WITHIN, of n samples. */
export function locateInTable<F>(job: usize, scratch: usize, params: usize, channel: i32, at: i32, n: i32): void {
  const bins = load<i32>(job, METRIC_BINS);
  const low = load<f64>(params, PARAM_MOVING_MIN);
  const high = load<f64>(params, PARAM_MOVING_MAX);
  const width = load<f64>(params, PARAM_MOVING_WIDTH);
  const last = bins - PADDING - 1;
  const known = load<usize>(job, METRIC_FIXED_BINS);
  const fixedBins = known + ((<usize>channel * load<usize>(job, METRIC_COUNT) + <usize>at) << 1);
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

/** Adds the cubic window about each sample that counts. */
export function addToJoint<F>(job: usize, scratch: usize, slot: usize, n: i32, valid: u64): void {
  const bins = load<usize>(job, METRIC_BINS);
  const index = (slot - load<usize>(job, METRIC_SLOTS)) / SLOT_BYTES;
  const joint = load<usize>(job, METRIC_TABLE) + ((index * bins * bins) << 3);
  for (let bits = valid; bits != 0; bits &= bits - 1) {
    const k = <usize>ctz(bits);
    const t = <f64>load<F>(scratch + k * sizeof<F>(), WITHIN);
    const s = 1 - t;
    const cell = joint + (load<usize>(scratch + (k << 2), CELL) << 3) - 8;
    accumulate(cell, (s * s * s) / 6);
    accumulate(cell + 8, (t * t * (3 * t - 6) + 4) / 6);
    accumulate(cell + 16, (s * s * (3 * s - 6) + 4) / 6);
    accumulate(cell + 24, (t * t * t) / 6);
  }
}

/** Slopes c0 + c1 t + c2 t² of the samples' cells; 0 beyond the range of the moving image. */
export function slopesFromTable<F>(job: usize, scratch: usize, params: usize, channel: i32, n: i32): void {
  const bins = load<usize>(job, METRIC_BINS);
  const table = load<usize>(job, METRIC_TABLE) + <usize>channel * bins * bins * TABLE_CELL * sizeof<F>();
  const low = load<f64>(params, PARAM_MOVING_MIN);
  const high = load<f64>(params, PARAM_MOVING_MAX);
  for (let k: usize = 0; k < <usize>n; k++) {
    const lane = scratch + k * sizeof<F>();
    const value = <f64>load<F>(lane, VALUE);
    const t = load<F>(lane, WITHIN);
    const c = table + load<usize>(scratch + (k << 2), CELL) * TABLE_CELL * sizeof<F>();
    const slope = load<F>(c) + t * (load<F>(c + sizeof<F>()) + t * load<F>(c + 2 * sizeof<F>()));
    store<F>(lane, value < low || value > high ? 0 : slope, SLOPES);
  }
}
