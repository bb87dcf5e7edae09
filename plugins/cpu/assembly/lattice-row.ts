import {
  OUTSIDE_BUFFER, OUTSIDE_ZERO, STEP_LATTICE, STEP_LATTICE_COMPONENT, STEP_LATTICE_PLANE, STEP_LATTICE_ROW, STEP_LATTICE_SIZE, STEP_LATTICE_WIDE, STEP_ORDER, STEP_OUTSIDE,
} from '../src/job-layout';
import { TABLE, TABLE_BYTES, TAP, TAP_AXIS, WEIGHT, WEIGHT_AXIS } from './scratch';

/** Bytes between the components of a reduced row. */
export const REDUCED_AXIS: usize = TABLE_BYTES / 4;

/** Weights and rows of the taps along y and z at a lattice position; false where the lattice is worth 0. */
export function placeOnLattice(step: usize, scratch: usize, y: f64, z: f64, dims: i32): bool {
  const bytes = load<i32>(step, STEP_LATTICE_WIDE) ? 8 : 4;
  const height = load<i32>(step, STEP_LATTICE_SIZE + 4);
  if (!axisTaps(step, scratch, 1, y, height, bytes * load<i32>(step, STEP_LATTICE_ROW))) return false;
  const depth = load<i32>(step, STEP_LATTICE_SIZE + 8);
  if (dims == 3) return axisTaps(step, scratch, 2, z, depth, bytes * load<i32>(step, STEP_LATTICE_PLANE));
  for (let k: usize = 0; k < 4; k++) store<f64>(scratch + 2 * WEIGHT_AXIS + (k << 3), k == 0 ? 1 : 0, WEIGHT);
  for (let k: usize = 0; k < 4; k++) store<i32>(scratch + 2 * TAP_AXIS + (k << 2), 0, TAP);
  return true;
}

/** Weights and places, in steps of `stride` bytes, of the taps along an axis of n control points; false where the lattice is worth 0. */
export function axisTaps(step: usize, scratch: usize, axis: usize, x: f64, n: i32, stride: i32): bool {
  const outside = load<i32>(step, STEP_OUTSIDE);
  if (outside == OUTSIDE_BUFFER && !(x >= -0.5 && x < <f64>n - 0.5)) return false;
  const taps = load<i32>(step, STEP_ORDER) + 1;
  const cell = x == <f64>(n - 1) && n > 1 ? <f64>(n - 2) : Math.floor(x);
  const w = scratch + WEIGHT + axis * WEIGHT_AXIS;
  latticeWeights(taps, x - cell, w);
  const first = cell - <f64>(taps / 2 - 1);
  for (let k: usize = 0; k < <usize>taps; k++) {
    let index = first + <f64>k;
    if (!(index >= 0 && index < <f64>n)) {
      if (outside == OUTSIDE_ZERO && load<f64>(w + (k << 3)) != 0) return false;
      index = index >= 0 ? <f64>(n - 1) : 0;
    }
    store<i32>(scratch + TAP + axis * TAP_AXIS + (k << 2), <i32>index * stride);
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

/** Σ w_z w_y · coefficient for `count` columns of the lattice from the from-th on, those off it being its edge's. */
export function reduceRow(step: usize, scratch: usize, from: i32, count: i32, dims: i32): void {
  const n = load<i32>(step, STEP_LATTICE_SIZE);
  const first = min(max(from, 0), n - 1);
  const last = max(min(from + count, n), first + 1);
  const wide = load<i32>(step, STEP_LATTICE_WIDE) != 0;
  const component = load<usize>(step, STEP_LATTICE_COMPONENT);
  for (let axis: usize = 0; axis < 3; axis++) {
    const into = scratch + TABLE + axis * REDUCED_AXIS;
    if (axis >= <usize>dims) {
      memory.fill(into, 0, (<usize>count + 1) << 3);
      continue;
    }
    const data = load<usize>(step, STEP_LATTICE) + axis * component * (wide ? 8 : 4);
    const at = into + ((<usize>(first - from)) << 3);
    if (wide) sumRows<f64>(step, scratch, data + ((<usize>first) << 3), at, last - first);
    else sumRows<f32>(step, scratch, data + ((<usize>first) << 2), at, last - first);
    for (let i = from; i < first; i++) store<f64>(into + ((<usize>(i - from)) << 3), load<f64>(at));
    const end = load<f64>(into + ((<usize>(last - 1 - from)) << 3));
    for (let i = last; i < from + count; i++) store<f64>(into + ((<usize>(i - from)) << 3), end);
  }
}

function sumRows<T>(step: usize, scratch: usize, data: usize, into: usize, count: i32): void {
  const taps = <usize>(load<i32>(step, STEP_ORDER) + 1);
  const w = scratch + WEIGHT;
  const end = into + ((<usize>count) << 3);
  let isFirst = true;
  for (let k: usize = 0; k < taps; k++) {
    for (let j: usize = 0; j < taps; j++) {
      const weight = load<f64>(w + (k << 3), 2 * WEIGHT_AXIS) * load<f64>(w + (j << 3), WEIGHT_AXIS);
      if (weight == 0) continue;
      const factor = f64x2.splat(weight);
      let row = data + load<i32>(scratch + TAP + (k << 2), 2 * TAP_AXIS) + load<i32>(scratch + TAP + (j << 2), TAP_AXIS);
      for (let at = into; at < end; at += 16) {
        const pair = sizeof<T>() == 8 ? v128.load(row) : f64x2.promote_low_f32x4(v128.load_zero<u64>(row));
        const term = f64x2.mul(factor, pair);
        v128.store(at, isFirst ? term : f64x2.add(v128.load(at), term));
        row += 2 * sizeof<T>();
      }
      isFirst = false;
    }
  }
}
