import {
  TYPE_FLOAT32, TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { OFFSET, VALUE } from './scratch';

/** The one sample of each position. Limited by the loads: one per voxel, in a rotation each from another cache line. */
export function nearest<F>(type: i32, scratch: usize, start: i32, m: i32): void {
  if (type == TYPE_FLOAT32) pick<f32, F>(scratch, start, m);
  else if (type == TYPE_INT16) pick<i16, F>(scratch, start, m);
  else if (type == TYPE_UINT8) pick<u8, F>(scratch, start, m);
  else if (type == TYPE_UINT16) pick<u16, F>(scratch, start, m);
  else if (type == TYPE_INT8) pick<i8, F>(scratch, start, m);
  else if (type == TYPE_INT32) pick<i32, F>(scratch, start, m);
  else if (type == TYPE_UINT32) pick<u32, F>(scratch, start, m);
  else pick<f64, F>(scratch, start, m);
}

function pick<T, F>(scratch: usize, start: i32, m: i32): void {
  const out = scratch + VALUE + <usize>start * sizeof<F>();
  for (let k: usize = 0; k < <usize>m; k++) {
    store<F>(out + k * sizeof<F>(), <F>load<T>(load<usize>(scratch + OFFSET + (k << 2))));
  }
}
