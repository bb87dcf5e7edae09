import {
  OUTSIDE_BUFFER, OUTSIDE_ZERO, STEP_LATTICE, STEP_LATTICE_COMPONENT, STEP_LATTICE_PLANE, STEP_LATTICE_ROW, STEP_LATTICE_SIZE,
  STEP_LATTICE_WIDE, STEP_ORDER, STEP_OUTSIDE,
} from '../src/job-layout';
import { STAGE, TABLE_BYTES, TAP, TAP_AXIS, WEIGHT, WEIGHT_AXIS } from './scratch';

/** Bytes between the components of a row that a metric reduces. */
export const REDUCED_AXIS: usize = TABLE_BYTES / 4;

/** Columns of the lattice that a row of voxels may look at. */
export const MOST_COLUMNS: i32 = 2048;
/** Bytes of a row of columns and what vectors reach past it; odd in cache lines, so that rows do not share sets of the cache. */
export const COLUMN_ROW: usize = 2056 * 8;
/** The columns summed along y and z, component by component; a field's rows never stage a box. */
export const REDUCED: usize = STAGE;
/** Rows of the lattice summed along z only, as output rows that follow each other share them. */
const SLOTS: usize = REDUCED + 3 * COLUMN_ROW;
const SLOT_COUNT: usize = 8;
const SLOT_BYTES: usize = 3 * COLUMN_ROW;
/** Of each slot the row of the lattice that it has, or -1. */
const SLOT_ROWS: usize = SLOTS + SLOT_COUNT * SLOT_BYTES;
/** The same columns of one position. */
export const POINT_REDUCED: usize = SLOT_ROWS + 64;
/** What lies in scratch memory after the rows. */
export const ROWS_END: usize = POINT_REDUCED + 3 * COLUMN_ROW;

// What the slots were summed for.
let slotZ: f64 = NaN;
let slotFrom: i32 = 0;
let slotCount: i32 = 0;

/** Lets go of what was kept of other rows: for when the lattice may be another. */
export function forgetSlots(): void {
  slotZ = NaN;
}

/** Weights of the taps along y and z at a lattice position, their rows, and their planes in bytes; false where the lattice is worth 0. */
export function placeOnLattice(step: usize, scratch: usize, y: f64, z: f64, dims: i32): bool {
  const bytes = load<i32>(step, STEP_LATTICE_WIDE) ? 8 : 4;
  const height = load<i32>(step, STEP_LATTICE_SIZE + 4);
  if (!axisTaps(step, scratch, 1, y, height, 1)) return false;
  const depth = load<i32>(step, STEP_LATTICE_SIZE + 8);
  if (dims == 3) return axisTaps(step, scratch, 2, z, depth, bytes * load<i32>(step, STEP_LATTICE_PLANE));
  for (let k: usize = 0; k < 4; k++) store<f64>(scratch + 2 * WEIGHT_AXIS + (k << 3), k == 0 ? 1 : 0, WEIGHT);
  for (let k: usize = 0; k < 4; k++) store<i32>(scratch + 2 * TAP_AXIS + (k << 2), 0, TAP);
  return true;
}

/** Weights and places, in steps of `stride`, of the taps along an axis of n control points; false where the lattice is worth 0. */
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

/**
 * Σ w_y Σ w_z · coefficient for `count` columns of the lattice from the from-th on, those off it being its edge's, to REDUCED. What weighs
 * nothing is not read. The sums along z, at lattice position z, are kept from row to row.
 */
export function reduceRow(step: usize, scratch: usize, z: f64, from: i32, count: i32, dims: i32): void {
  const n = load<i32>(step, STEP_LATTICE_SIZE);
  const first = min(max(from, 0), n - 1);
  const last = max(min(from + count, n), first + 1);
  if (z != slotZ || slotFrom != from || slotCount != count) {
    for (let slot: usize = 0; slot < SLOT_COUNT; slot++) store<i32>(scratch + SLOT_ROWS + (slot << 2), -1);
    slotZ = z;
    slotFrom = from;
    slotCount = count;
  }
  const taps = <usize>(load<i32>(step, STEP_ORDER) + 1);
  const bytes = <usize>(last - first) << 3;
  let isFirst = true;
  for (let j: usize = 0; j < taps; j++) {
    const weight = load<f64>(scratch + (j << 3), WEIGHT + WEIGHT_AXIS);
    if (weight == 0) continue;
    const slot = openSlot(step, scratch, load<i32>(scratch + (j << 2), TAP + TAP_AXIS), first, last, dims);
    for (let axis: usize = 0; axis < <usize>dims; axis++) {
      addRow<f64>(slot + axis * COLUMN_ROW, weight, scratch + REDUCED + axis * COLUMN_ROW + (<usize>(first - from) << 3), bytes, isFirst);
    }
    isFirst = false;
  }
  for (let axis: usize = 0; axis < 3; axis++) {
    const into = scratch + REDUCED + axis * COLUMN_ROW;
    if (axis < <usize>dims) extendColumns(into, first - from, last - from, count);
    else memory.fill(into, 0, <usize>(count + 1) << 3);
  }
}

/** Where a row of the lattice lies, summed along z. */
function openSlot(step: usize, scratch: usize, row: i32, first: i32, last: i32, dims: i32): usize {
  const number = <usize>row & (SLOT_COUNT - 1);
  const slot = scratch + SLOTS + number * SLOT_BYTES;
  if (load<i32>(scratch + SLOT_ROWS + (number << 2)) == row) return slot;
  store<i32>(scratch + SLOT_ROWS + (number << 2), row);
  const wide = load<i32>(step, STEP_LATTICE_WIDE) != 0;
  const shift: usize = wide ? 3 : 2;
  const component = load<usize>(step, STEP_LATTICE_COMPONENT) << shift;
  const data = load<usize>(step, STEP_LATTICE) + ((<usize>row * load<usize>(step, STEP_LATTICE_ROW) + <usize>first) << shift);
  const taps = <usize>(load<i32>(step, STEP_ORDER) + 1);
  const bytes = <usize>(last - first) << 3;
  let isFirst = true;
  for (let k: usize = 0; k < taps; k++) {
    const weight = load<f64>(scratch + (k << 3), WEIGHT + 2 * WEIGHT_AXIS);
    if (weight == 0) continue;
    const plane = data + load<i32>(scratch + (k << 2), TAP + 2 * TAP_AXIS);
    for (let axis: usize = 0; axis < <usize>dims; axis++) {
      const into = slot + axis * COLUMN_ROW;
      const columns = plane + axis * component;
      if (wide) addRow<f64>(columns, weight, into, bytes, isFirst);
      else addRow<f32>(columns, weight, into, bytes, isFirst);
    }
    isFirst = false;
  }
  return slot;
}

/** Adds `weight` times columns to as many bytes of sums, or begins the sums with them. */
function addRow<T>(columns: usize, weight: f64, into: usize, bytes: usize, isFirst: bool): void {
  const factor = f64x2.splat(weight);
  const end = into + bytes;
  do {
    const term = f64x2.mul(factor, sizeof<T>() == 8 ? v128.load(columns) : f64x2.promote_low_f32x4(v128.load_zero<u64>(columns)));
    v128.store(into, isFirst ? term : f64x2.add(v128.load(into), term));
    columns += 2 * sizeof<T>();
    into += 16;
  } while (into < end);
}

/** Repeats the edges of the columns from first to last for those from 0 to count. */
function extendColumns(columns: usize, first: i32, last: i32, count: i32): void {
  const start = load<f64>(columns + (<usize>first << 3));
  const end = load<f64>(columns + (<usize>(last - 1) << 3));
  for (let i = 0; i < first; i++) store<f64>(columns + (<usize>i << 3), start);
  for (let i = last; i <= count; i++) store<f64>(columns + (<usize>i << 3), end);
}

/** The same of the columns of one position, from the from-th on, to POINT_REDUCED: the same sums in the same order, none of them kept. */
export function reducePoint(step: usize, scratch: usize, from: i32, dims: i32): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    const into = scratch + POINT_REDUCED + axis * COLUMN_ROW;
    if (axis >= <usize>dims) {
      v128.store(into, i64x2.splat(0));
      v128.store(into, i64x2.splat(0), 16);
    } else if (load<i32>(step, STEP_LATTICE_WIDE)) sumPoint<f64>(step, scratch, axis, from, into);
    else sumPoint<f32>(step, scratch, axis, from, into);
  }
}

function sumPoint<T>(step: usize, scratch: usize, axis: usize, from: i32, into: usize): void {
  const n = load<i32>(step, STEP_LATTICE_SIZE);
  const taps = <usize>(load<i32>(step, STEP_ORDER) + 1);
  const data = load<usize>(step, STEP_LATTICE) + axis * load<usize>(step, STEP_LATTICE_COMPONENT) * sizeof<T>();
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let j: usize = 0; j < taps; j++) {
    const weight = load<f64>(scratch + (j << 3), WEIGHT + WEIGHT_AXIS);
    if (weight == 0) continue;
    const row = data + load<usize>(scratch + (j << 2), TAP + TAP_AXIS) * load<usize>(step, STEP_LATTICE_ROW) * sizeof<T>();
    let lowSum = f64x2.splat(0);
    let highSum = f64x2.splat(0);
    for (let k: usize = 0; k < taps; k++) {
      const factor = load<f64>(scratch + (k << 3), WEIGHT + 2 * WEIGHT_AXIS);
      if (factor == 0) continue;
      const columns = row + load<usize>(scratch + (k << 2), TAP + 2 * TAP_AXIS);
      lowSum = f64x2.add(lowSum, f64x2.mul(f64x2.splat(factor), columnPair<T>(columns, from, n)));
      if (taps == 4) highSum = f64x2.add(highSum, f64x2.mul(f64x2.splat(factor), columnPair<T>(columns, from + 2, n)));
    }
    low = f64x2.add(low, f64x2.mul(f64x2.splat(weight), lowSum));
    high = f64x2.add(high, f64x2.mul(f64x2.splat(weight), highSum));
  }
  v128.store(into, low);
  v128.store(into, high, 16);
}

/** Columns i and i + 1 of a row, those off the lattice being its edge's. */
@inline
function columnPair<T>(row: usize, i: i32, n: i32): v128 {
  if (i >= 0 && i < n - 1) {
    const at = row + <usize>i * sizeof<T>();
    return sizeof<T>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
  }
  const a = <f64>load<T>(row + <usize>min(max(i, 0), n - 1) * sizeof<T>());
  const b = <f64>load<T>(row + <usize>min(max(i + 1, 0), n - 1) * sizeof<T>());
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}
