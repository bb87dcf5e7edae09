import {
  TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { CUBE, FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';

/** Labels of one cell, each once, and the sums of their weights: eight float64 each, after the cubes. */
const VOTES: usize = CUBE + 61440;
const LABELS: usize = VOTES + 64;

/**
 * The label whose summed linear weight is largest; ties to the smaller label. Only float64: weights that sum to
 * a tie must not be decided by rounding to float32. Limited by four loads and four comparisons where a cell has one label, as
 * most have; where it has more, by 8 weights, each of which seeks its label among those before.
 */
export function labelLinear(
  type: i32, scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool,
): void {
  if (type == TYPE_UINT8) vote<u8>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT16) vote<u16>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_INT16) vote<i16>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_INT8) vote<i8>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT32) vote<u32>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_INT32) vote<i32>(scratch, start, m, row, plane, flat);
  else vote<f64>(scratch, start, m, row, plane, flat);
}

function vote<T>(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  const depth: usize = flat ? 0 : plane;
  for (let s = 0; s < m; s++) {
    const base = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    const label = isUniform<T>(base, row, depth)
      ? <f64>load<T>(base)
      : winner<T>(scratch, scratch + FRACTION + ((<usize>(start + s)) << 3), base, row, plane, flat);
    store<f64>(scratch + VALUE + ((<usize>(start + s)) << 3), label);
  }
}

/** Have all corners of a cell the same label? */
@inline
function isUniform<T>(base: usize, row: usize, plane: usize): bool {
  if (sizeof<T>() == 1) return arePairs<u16>(base, row, plane, 8);
  if (sizeof<T>() == 2) return arePairs<u32>(base, row, plane, 16);
  if (sizeof<T>() == 4) return arePairs<u64>(base, row, plane, 32);
  const label = load<f64>(base);
  return isPairOf(base, label) && isPairOf(base + row, label) && isPairOf(base + plane, label)
    && isPairOf(base + plane + row, label);
}

/** Two neighbours along x are loaded as one word: are all four pairs the same word, and that the same when its halves change places? */
@inline
function arePairs<P>(base: usize, row: usize, plane: usize, bits: i32): bool {
  const pair = load<P>(base);
  const others = (pair ^ load<P>(base + row)) | (pair ^ load<P>(base + plane)) | (pair ^ load<P>(base + plane + row));
  return (others | (pair ^ rotl<P>(pair, <P>bits))) == 0;
}

@inline
function isPairOf(at: usize, label: f64): bool {
  return load<f64>(at) == label && load<f64>(at, 8) == label;
}

function winner<T>(scratch: usize, t: usize, base: usize, row: usize, plane: usize, flat: bool): f64 {
  const x = load<f64>(t);
  const y = load<f64>(t, FRACTION_AXIS);
  const z = flat ? 0 : load<f64>(t, 2 * FRACTION_AXIS);
  const corners = flat ? 4 : 8;
  let count: i32 = 0;
  for (let c = 0; c < corners; c++) {
    const weight = (c & 1 ? x : 1 - x) * (c & 2 ? y : 1 - y) * (c & 4 ? z : 1 - z);
    if (weight == 0) continue;
    const at = base + <usize>(c & 1) * sizeof<T>() + (c & 2 ? row : 0) + (c & 4 ? plane : 0);
    count = addVote(scratch, count, <f64>load<T>(at), weight);
  }
  let best: f64 = 0;
  let most: f64 = -1;
  for (let k: usize = 0; k < <usize>count; k++) {
    const votes = load<f64>(scratch + VOTES + (k << 3));
    const label = load<f64>(scratch + LABELS + (k << 3));
    if (votes > most || (votes == most && label < best)) {
      most = votes;
      best = label;
    }
  }
  return best;
}

/** Adds to the label's votes, which are summed in the order of the corners; answers how many labels there are. Not a number is a label. */
@inline
function addVote(scratch: usize, count: i32, label: f64, weight: f64): i32 {
  for (let k: usize = 0; k < <usize>count; k++) {
    const other = load<f64>(scratch + LABELS + (k << 3));
    if (other != label && (other == other || label == label)) continue;
    store<f64>(scratch + VOTES + (k << 3), load<f64>(scratch + VOTES + (k << 3)) + weight);
    return count;
  }
  store<f64>(scratch + LABELS + ((<usize>count) << 3), label);
  store<f64>(scratch + VOTES + ((<usize>count) << 3), weight);
  return count + 1;
}
