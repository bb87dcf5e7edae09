import {
  JOB_DIMS, STEP_LATTICE, STEP_LATTICE_SIZE, STEP_LATTICE_WIDE, STEP_LOOKUP, STEP_MATRIX, STEP_ORDER,
  STEP_OUTSIDE, STEP_VECTORS,
} from '../src/job-layout';
import { OUTSIDE_BUFFER, OUTSIDE_ZERO } from '../src/job-layout';
import { POSITION, POSITION_AXIS, TAP, TAP_AXIS, WEIGHT, WEIGHT_AXIS } from './scratch';

/**
 * Replaces n positions x by matrix · x + vectors · u(lookup · x). General: any lookup, any order. Limited by the 3 · 8
 * or 3 · 64 loads and multiplications of a voxel; field-rows.ts has the maps that need fewer.
 */
export function fieldStep(job: usize, step: usize, scratch: usize, n: i32): void {
  const dims = load<i32>(job, JOB_DIMS);
  for (let i = 0; i < n; i++) {
    const p = scratch + POSITION + ((<usize>i) << 3);
    const x = load<f64>(p);
    const y = load<f64>(p, POSITION_AXIS);
    const z = load<f64>(p, 2 * POSITION_AXIS);
    let ux: f64 = 0;
    let uy: f64 = 0;
    let uz: f64 = 0;
    const taps = placeTaps(step, scratch, x, y, z, dims);
    if (taps > 0) {
      const wide = load<i32>(step, STEP_LATTICE_WIDE) != 0;
      const depth = dims == 2 ? 1 : taps;
      const data = load<usize>(step, STEP_LATTICE);
      const size = step + STEP_LATTICE_SIZE;
      const bytes: usize = wide ? 8 : 4;
      const plane = load<usize>(size) * load<usize>(size, 4) * load<usize>(size, 8) * bytes;
      ux = wide ? component<f64>(data, scratch, taps, depth) : component<f32>(data, scratch, taps, depth);
      uy = wide ? component<f64>(data + plane, scratch, taps, depth) : component<f32>(data + plane, scratch, taps, depth);
      if (dims == 3) {
        const third = data + 2 * plane;
        uz = wide ? component<f64>(third, scratch, taps, depth) : component<f32>(third, scratch, taps, depth);
      }
    }
    for (let axis: usize = 0; axis < 3; axis++) {
      const b = step + STEP_VECTORS + axis * 24;
      const moved = transform(step + STEP_MATRIX + axis * 32, x, y, z)
        + load<f64>(b) * ux + load<f64>(b, 8) * uy + load<f64>(b, 16) * uz;
      store<f64>(p + axis * POSITION_AXIS, moved);
    }
  }
}

@inline
export function transform(row: usize, x: f64, y: f64, z: f64): f64 {
  return load<f64>(row) * x + load<f64>(row, 8) * y + load<f64>(row, 16) * z + load<f64>(row, 24);
}

/** Weights and places of the taps of one position; answers how many per axis, 0 where the lattice is worth nothing. */
function placeTaps(step: usize, scratch: usize, x: f64, y: f64, z: f64, dims: i32): i32 {
  const taps = load<i32>(step, STEP_ORDER) + 1;
  let stride: i32 = load<i32>(step, STEP_LATTICE_WIDE) ? 8 : 4;
  for (let axis: usize = 0; axis < 3; axis++) {
    const n = load<i32>(step + (axis << 2), STEP_LATTICE_SIZE);
    const into = scratch + TAP + axis * TAP_AXIS;
    const w = scratch + WEIGHT + axis * WEIGHT_AXIS;
    if (axis == 2 && dims == 2) {
      store<i32>(into, 0);
      store<f64>(w, 1);
      break;
    }
    const at = transform(step + STEP_LOOKUP + axis * 32, x, y, z);
    if (!axisTaps(at, n, taps, load<i32>(step, STEP_OUTSIDE), w, into, stride)) return 0;
    stride *= n;
  }
  return taps;
}

/** Taps along one axis; false where the lattice is worth 0. A position that is not finite is worth NaN. */
export function axisTaps(x: f64, n: i32, taps: i32, outside: i32, w: usize, into: usize, stride: i32): bool {
  if (outside == OUTSIDE_BUFFER && !(x >= -0.5 && x < <f64>n - 0.5)) return false;
  const cell = x == <f64>(n - 1) && n > 1 ? <f64>(n - 2) : Math.floor(x);
  latticeWeights(taps, x - cell, w);
  const first = cell - <f64>(taps / 2 - 1);
  for (let k: usize = 0; k < <usize>taps; k++) {
    let index = first + <f64>k;
    if (!(index >= 0 && index < <f64>n)) {
      if (outside == OUTSIDE_ZERO && load<f64>(w + (k << 3)) != 0) return false;
      index = index >= 0 ? <f64>(n - 1) : 0;
    }
    store<i32>(into + (k << 2), <i32>index * stride);
  }
  return true;
}

/** The hat, or the uniform cubic B-spline. */
@inline
function latticeWeights(taps: i32, t: f64, w: usize): void {
  const s = 1 - t;
  if (taps == 2) {
    store<f64>(w, s);
    store<f64>(w, t, 8);
    return;
  }
  store<f64>(w, (s * s * s) / 6);
  store<f64>(w, (t * t * (3 * t - 6) + 4) / 6, 8);
  store<f64>(w, (s * s * (3 * s - 6) + 4) / 6, 16);
  store<f64>(w, (t * t * t) / 6, 24);
}

@inline
function component<T>(data: usize, scratch: usize, taps: i32, depth: i32): f64 {
  const tap = scratch + TAP;
  const w = scratch + WEIGHT;
  let sum: f64 = 0;
  for (let k: usize = 0; k < <usize>depth; k++) {
    const slice = data + load<i32>(tap + (k << 2), 2 * TAP_AXIS);
    for (let j: usize = 0; j < <usize>taps; j++) {
      const row = slice + load<i32>(tap + (j << 2), TAP_AXIS);
      let line: f64 = 0;
      for (let i: usize = 0; i < <usize>taps; i++) {
        line += load<f64>(w + (i << 3)) * <f64>load<T>(row + load<i32>(tap + (i << 2)));
      }
      sum += load<f64>(w + (k << 3), 2 * WEIGHT_AXIS) * load<f64>(w + (j << 3), WEIGHT_AXIS) * line;
    }
  }
  return sum;
}
