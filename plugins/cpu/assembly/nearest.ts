import { OFFSET, VALUE } from './scratch';

/** The one sample of each position. Limited by the loads: one per voxel, each its own cache line in a rotation. */
export function nearest<F>(scratch: usize, start: i32, m: i32): void {
  const out = scratch + VALUE + <usize>start * sizeof<F>();
  for (let k: usize = 0; k < <usize>m; k++) {
    store<F>(out + k * sizeof<F>(), load<F>(load<usize>(scratch + OFFSET + (k << 2))));
  }
}
