import {
  TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { CUBE, FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';

/** Weight and label of the corners of one cell: eight float64 each, after the cubes. */
const VOTES: usize = CUBE + 61440;
const LABELS: usize = VOTES + 64;

/**
 * The label whose summed linear weight is largest; ties to the smaller label. Only float64: weights that sum to
 * a tie must not be decided by rounding to float32. Limited by the comparisons, 28 per voxel.
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
  const corners = flat ? 4 : 8;
  for (let s = 0; s < m; s++) {
    const t = scratch + FRACTION + ((<usize>(start + s)) << 3);
    const base = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    for (let c = 0; c < corners; c++) {
      const x = load<f64>(t);
      const y = load<f64>(t, FRACTION_AXIS);
      const z = load<f64>(t, 2 * FRACTION_AXIS);
      const wx = c & 1 ? x : 1 - x;
      const wy = c & 2 ? y : 1 - y;
      const wz = flat ? 1 : c & 4 ? z : 1 - z;
      const at = base + <usize>(c & 1) * sizeof<T>() + (c & 2 ? row : 0) + (c & 4 ? plane : 0);
      store<f64>(scratch + VOTES + ((<usize>c) << 3), wx * wy * wz);
      store<f64>(scratch + LABELS + ((<usize>c) << 3), <f64>load<T>(at));
    }
    store<f64>(scratch + VALUE + ((<usize>(start + s)) << 3), winner(scratch, corners));
  }
}

function winner(scratch: usize, corners: i32): f64 {
  let best: f64 = 0;
  let most: f64 = -1;
  for (let a: usize = 0; a < <usize>corners; a++) {
    const label = load<f64>(scratch + LABELS + (a << 3));
    if (load<f64>(scratch + VOTES + (a << 3)) == 0) continue;
    let votes: f64 = 0;
    for (let b: usize = 0; b < <usize>corners; b++) {
      const other = load<f64>(scratch + LABELS + (b << 3));
      if (other == label || (other != other && label != label)) votes += load<f64>(scratch + VOTES + (b << 3));
    }
    if (votes > most || (votes == most && label < best)) {
      most = votes;
      best = label;
    }
  }
  return best;
}
