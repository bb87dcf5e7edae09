import {
  JOB_DIMS, JOB_EXTENT, JOB_INTERPOLATOR, JOB_LIMIT, JOB_SHIFT, JOB_START, JOB_STEPS, LIMIT_NONE, NEAREST_EVEN, STEP_MATRIX,
} from '../src/job-layout';

/** Least and most position along the axis that was measured last, and what rounding may make of either. */
export let least: f64 = 0;
export let most: f64 = 0;
export let doubt: f64 = 0;

/** Of the sum of a position's terms: more than the three roundings of each. */
const ROUNDING: f64 = 1e-14;
/** Keeps what is decided by tile from being near a decision by voxel. */
const LEAST_DOUBT: f64 = 1e-6;

/** Samples from the first or last of an axis from which on every boundary that fills does so. */
const BEYOND: f64 = 0.51;

/** Of the voxels x0..x1, y0..y1, z0..z1 of the block: an affine is least and most at corners of the tile. */
export function measureRange(job: usize, axis: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): void {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32;
  least = load<f64>(m, 24) + load<f64>(job + axis * 8, JOB_SHIFT);
  most = least;
  let sum = Math.abs(least);
  for (let column: usize = 0; column < 3; column++) {
    const start = load<i32>(job + (column << 2), JOB_START);
    const from = column == 0 ? x0 : column == 1 ? y0 : z0;
    const to = column == 0 ? x1 : column == 1 ? y1 : z1;
    const a = load<f64>(m + (column << 3)) * <f64>(start + from);
    const b = load<f64>(m + (column << 3)) * <f64>(start + to - 1);
    least += Math.min(a, b);
    most += Math.max(a, b);
    sum += Math.max(Math.abs(a), Math.abs(b));
  }
  doubt = LEAST_DOUBT + ROUNDING * sum;
}

/** Do all voxels of the tile lie among the samples? */
export function staysWithin(job: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): bool {
  const dims = <usize>load<i32>(job, JOB_DIMS);
  for (let axis: usize = 0; axis < dims; axis++) {
    measureRange(job, axis, x0, x1, y0, y1, z0, z1);
    const first = load<f64>(job + axis * 8, JOB_SHIFT);
    if (least < first || most > first + load<f64>(job + axis * 8, JOB_EXTENT) - 1) return false;
  }
  return true;
}

/** Do all voxels of the tile lie beyond the samples, where the kernel has none to blend: they are outside, or nearest to one at the edge? */
export function missesSamples(job: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): bool {
  if (load<i32>(job, JOB_LIMIT) == LIMIT_NONE && load<i32>(job, JOB_INTERPOLATOR) > NEAREST_EVEN) return false;
  const dims = <usize>load<i32>(job, JOB_DIMS);
  for (let axis: usize = 0; axis < dims; axis++) {
    measureRange(job, axis, x0, x1, y0, y1, z0, z1);
    const first = load<f64>(job + axis * 8, JOB_SHIFT);
    const last = first + load<f64>(job + axis * 8, JOB_EXTENT) - 1;
    if (most < first - BEYOND || least > last + BEYOND) return true;
  }
  return false;
}
