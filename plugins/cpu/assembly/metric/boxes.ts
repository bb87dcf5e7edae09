import {
  JOB_DIMS, JOB_STEPS, STEP_LATTICE_SIZE, STEP_LOOKUP, STEP_ORDER, STEP_VECTORS,
} from '../../src/job-layout';
import {
  BOX_ADDRESS, BOX_BYTES, BOX_FIRST, BOX_SIZE, FOLD_BOXES, FOLD_BOX_COUNT, FOLD_COTANGENTS, FOLD_DIMS, FOLD_LATTICE,
  FOLD_LATTICE_SIZE, FOLD_POINTS, FOLD_POINT_COUNT, FOLD_STEP, METRIC_BOXES, METRIC_FIRST_TILE, METRIC_MOVING,
} from '../../src/metric/metric-layout';
import { isAlongLattice } from '../field';
import { axisTaps, REDUCED_AXIS } from '../lattice-row';
import { TABLE, TAP, TAP_AXIS, VALUE, VALUE_PLANE, WEIGHT, WEIGHT_AXIS } from '../scratch';
import { accumulate } from '../lanes';
import { takeTile } from '../take-tile';
import { SLOPES } from './rows';

// A tile adds to a part of the lattice of its own, the box of the control points within its reach; boxes are then added to
// the lattice in the order of the tiles. Neither depends on the threads.

/** The box of the tile that is at work. */
let box: usize = 0;
/** Where control point 0 0 0 of the lattice would lie in it, and its strides, in bytes. */
let origin: usize = 0;
let rowBytes: i32 = 0;
let planeBytes: i32 = 0;
let componentBytes: usize = 0;

/** Turns to the box of a tile, and empties it when it is new. */
export function openBox(job: usize, _scratch: usize, tile: i32, isNew: bool): void {
  box = load<usize>(job, METRIC_BOXES) + <usize>(tile - load<i32>(job, METRIC_FIRST_TILE)) * BOX_BYTES;
  rowBytes = load<i32>(box, BOX_SIZE) << 3;
  planeBytes = rowBytes * load<i32>(box, BOX_SIZE + 4);
  componentBytes = <usize>planeBytes * load<usize>(box, BOX_SIZE + 8);
  const first = (load<i32>(box, BOX_FIRST) << 3) + load<i32>(box, BOX_FIRST + 4) * rowBytes
    + load<i32>(box, BOX_FIRST + 8) * planeBytes;
  origin = load<usize>(box, BOX_ADDRESS) - <usize>first;
  const dims = load<usize>(load<usize>(job, METRIC_MOVING), JOB_DIMS);
  if (isNew) memory.fill(load<usize>(box, BOX_ADDRESS), 0, dims * componentBytes);
}

/** Adds what the slopes of n voxels of a row say of the control points. */
export function spreadRow<F>(job: usize, scratch: usize, n: i32, x: i32, y: i32, z: i32): void {
  const moving = load<usize>(job, METRIC_MOVING);
  const step = load<usize>(moving, JOB_STEPS);
  const dims = load<i32>(moving, JOB_DIMS);
  if (isAlongLattice(step)) return spreadAlong<F>(step, scratch, dims, n, <f64>x, <f64>y, <f64>z);
  for (let k = 0; k < n; k++) {
    const at = <f64>(x + k);
    if (!placeTaps(step, scratch, dims, lookUp(step, 0, at, <f64>y, <f64>z), rowBytes, planeBytes, 0)) continue;
    if (!placeTaps(step, scratch, dims, lookUp(step, 1, at, <f64>y, <f64>z), rowBytes, planeBytes, 1)) continue;
    if (!placeTaps(step, scratch, dims, lookUp(step, 2, at, <f64>y, <f64>z), rowBytes, planeBytes, 2)) continue;
    for (let d: usize = 0; d < <usize>dims; d++) {
      const by = cotangentOf<F>(step, scratch + <usize>k * sizeof<F>(), dims, d);
      if (by != 0) addTaps(step, scratch, dims, origin + d * componentBytes, by);
    }
  }
}

/** One coordinate of lookup · x. */
@inline
function lookUp(step: usize, axis: usize, x: f64, y: f64, z: f64): f64 {
  const m = step + STEP_LOOKUP + axis * 32;
  return load<f64>(m) * x + (load<f64>(m, 8) * y + load<f64>(m, 16) * z + load<f64>(m, 24));
}

/** Component d of vectorsᵀ · (slope · gradient) of one sample. */
@inline
function cotangentOf<F>(step: usize, lane: usize, dims: i32, d: usize): f64 {
  const v = step + STEP_VECTORS + (d << 3);
  const w = <f64>load<F>(lane, SLOPES);
  let sum = load<f64>(v) * <f64>load<F>(lane, VALUE + VALUE_PLANE) + load<f64>(v, 24) * <f64>load<F>(lane, VALUE + 2 * VALUE_PLANE);
  if (dims == 3) sum += load<f64>(v, 48) * <f64>load<F>(lane, VALUE + 3 * VALUE_PLANE);
  return w * sum;
}

/** Taps along an axis of what has these strides; a picture has one of weight 1 in z. */
@inline
function placeTaps(step: usize, scratch: usize, dims: i32, at: f64, row: i32, plane: i32, axis: usize): bool {
  const n = load<i32>(step + (axis << 2), STEP_LATTICE_SIZE);
  if (axis < <usize>dims) return axisTaps(step, scratch, axis, at, n, axis == 0 ? 8 : axis == 1 ? row : plane);
  store<f64>(scratch + 2 * WEIGHT_AXIS, 1, WEIGHT);
  store<i32>(scratch + 2 * TAP_AXIS, 0, TAP);
  return true;
}

/** Adds `by` times the tensor product of the weights. */
function addTaps(step: usize, scratch: usize, dims: i32, data: usize, by: f64): void {
  const taps = <usize>(load<i32>(step, STEP_ORDER) + 1);
  const depth: usize = dims == 2 ? 1 : taps;
  for (let k: usize = 0; k < depth; k++) {
    const wz = by * load<f64>(scratch + (k << 3), WEIGHT + 2 * WEIGHT_AXIS);
    const plane = data + load<i32>(scratch + (k << 2), TAP + 2 * TAP_AXIS);
    for (let j: usize = 0; j < taps; j++) {
      const wy = wz * load<f64>(scratch + (j << 3), WEIGHT + WEIGHT_AXIS);
      if (wy == 0) continue;
      const row = plane + load<i32>(scratch + (j << 2), TAP + TAP_AXIS);
      for (let i: usize = 0; i < taps; i++) {
        accumulate(row + load<i32>(scratch + (i << 2), TAP), wy * load<f64>(scratch + (i << 3), WEIGHT));
      }
    }
  }
}

/**
 * A row that stays in a row of the lattice: its voxels add to one row of control points, 4 taps of 3 components each, which
 * then goes to the 16 rows about it with their weights.
 */
function spreadAlong<F>(step: usize, scratch: usize, dims: i32, n: i32, x: f64, y: f64, z: f64): void {
  if (!placeTaps(step, scratch, dims, lookUp(step, 1, x, y, z), rowBytes, planeBytes, 1)) return;
  if (!placeTaps(step, scratch, dims, lookUp(step, 2, x, y, z), rowBytes, planeBytes, 2)) return;
  const first = load<i32>(box, BOX_FIRST);
  const size = load<i32>(box, BOX_SIZE);
  const reduced = scratch + TABLE - <usize>(first << 3);
  for (let d: usize = 0; d < <usize>dims; d++) memory.fill(scratch + TABLE + d * REDUCED_AXIS, 0, <usize>size << 3);
  const taps = <usize>(load<i32>(step, STEP_ORDER) + 1);
  for (let k = 0; k < n; k++) {
    const lane = scratch + <usize>k * sizeof<F>();
    if (load<F>(lane, SLOPES) == 0) continue;
    if (!placeTaps(step, scratch, dims, lookUp(step, 0, x + <f64>k, y, z), rowBytes, planeBytes, 0)) continue;
    for (let d: usize = 0; d < <usize>dims; d++) {
      const by = cotangentOf<F>(step, lane, dims, d);
      const row = reduced + d * REDUCED_AXIS;
      for (let i: usize = 0; i < taps; i++) {
        accumulate(row + load<i32>(scratch + (i << 2), TAP), by * load<f64>(scratch + (i << 3), WEIGHT));
      }
    }
  }
  addRows(scratch, dims, taps, first, size);
}

/** The reduced rows, times the weights along y and z. */
function addRows(scratch: usize, dims: i32, taps: usize, first: i32, size: i32): void {
  const depth: usize = dims == 2 ? 1 : taps;
  for (let k: usize = 0; k < depth; k++) {
    for (let j: usize = 0; j < taps; j++) {
      const weight = load<f64>(scratch + (k << 3), WEIGHT + 2 * WEIGHT_AXIS) * load<f64>(scratch + (j << 3), WEIGHT + WEIGHT_AXIS);
      if (weight == 0) continue;
      const row = origin + load<i32>(scratch + (k << 2), TAP + 2 * TAP_AXIS) + load<i32>(scratch + (j << 2), TAP + TAP_AXIS)
        + <usize>(first << 3);
      for (let d: usize = 0; d < <usize>dims; d++) {
        const from = scratch + TABLE + d * REDUCED_AXIS;
        const into = row + d * componentBytes;
        for (let i: usize = 0; i < <usize>size; i++) accumulate(into + (i << 3), weight * load<f64>(from + (i << 3)));
      }
    }
  }
}

/** Adds the boxes to the layers of the lattice, each layer by one thread, boxes in order. */
export function foldBoxes(job: usize, _scratch: usize, most: i32): void {
  do {
    const layer = takeTile(job);
    if (layer < 0) return;
    const count = load<usize>(job, FOLD_BOX_COUNT);
    for (let b: usize = 0; b < count; b++) foldLayer(job, load<usize>(job, FOLD_BOXES) + b * BOX_BYTES, layer);
  } while (--most != 0);
}

function foldLayer(job: usize, part: usize, layer: i32): void {
  const inBox = layer - load<i32>(part, BOX_FIRST + 8);
  const depth = load<i32>(part, BOX_SIZE + 8);
  if (inBox < 0 || inBox >= depth) return;
  const width = load<usize>(part, BOX_SIZE);
  const height = load<usize>(part, BOX_SIZE + 4);
  const latticeWidth = load<usize>(job, FOLD_LATTICE_SIZE);
  const latticePlane = latticeWidth * load<usize>(job, FOLD_LATTICE_SIZE + 4);
  const dims = load<usize>(job, FOLD_DIMS);
  for (let d: usize = 0; d < dims; d++) {
    let from = load<usize>(part, BOX_ADDRESS) + (((d * <usize>depth + <usize>inBox) * width * height) << 3);
    const plane = (d * load<usize>(job, FOLD_LATTICE_SIZE + 8) + <usize>layer) * latticePlane;
    for (let y: usize = 0; y < height; y++) {
      const at = plane + (load<usize>(part, BOX_FIRST + 4) + y) * latticeWidth + load<usize>(part, BOX_FIRST);
      const into = load<usize>(job, FOLD_LATTICE) + (at << 3);
      for (let x: usize = 0; x < width; x++) accumulate(into + (x << 3), load<f64>(from + (x << 3)));
      from += width << 3;
    }
  }
}

/** Adds what the cotangents of a list of points say of the control points, each component by one thread. */
export function scatter(job: usize, scratch: usize, most: i32): void {
  const dims = load<i32>(job, FOLD_DIMS);
  const step = load<usize>(job, FOLD_STEP);
  const row = load<i32>(job, FOLD_LATTICE_SIZE) << 3;
  const plane = row * load<i32>(job, FOLD_LATTICE_SIZE + 4);
  const component = <usize>plane * load<usize>(job, FOLD_LATTICE_SIZE + 8);
  do {
    const d = takeTile(job);
    if (d < 0) return;
    const into = load<usize>(job, FOLD_LATTICE) + <usize>d * component;
    for (let n: usize = 0; n < load<usize>(job, FOLD_POINT_COUNT); n++) {
      const p = load<usize>(job, FOLD_POINTS) + n * 24;
      const c = load<usize>(job, FOLD_COTANGENTS) + ((n * <usize>dims) << 3);
      let by: f64 = 0;
      for (let r: usize = 0; r < <usize>dims; r++) {
        by += load<f64>(step + r * 24 + (<usize>d << 3), STEP_VECTORS) * load<f64>(c + (r << 3));
      }
      if (by != 0 && placeAll(step, scratch, dims, p, row, plane)) addTaps(step, scratch, dims, into, by);
    }
  } while (--most != 0);
}

function placeAll(step: usize, scratch: usize, dims: i32, p: usize, row: i32, plane: i32): bool {
  for (let axis: usize = 0; axis < 3; axis++) {
    const at = lookUp(step, axis, load<f64>(p), load<f64>(p, 8), load<f64>(p, 16));
    if (!placeTaps(step, scratch, dims, at, row, plane, axis)) return false;
  }
  return true;
}
