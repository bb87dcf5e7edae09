import {
  JOB_INTERPOLATOR, JOB_POINTS, JOB_SHIFT, JOB_START, JOB_STEPS, JOB_STEP_COUNT, STEP_AFFINE, STEP_BYTES, STEP_FIELD, STEP_KIND, LINEAR,
  STEP_MATRIX,
} from '../src/job-layout';
import { fieldPositions, fieldStep, forgetField, openField } from './field';
import { LINE, LINE_TERMS, POSITION, POSITION_AXIS } from './scratch';

/** Does the row that was opened last begin with a field whose positions were prepared for? */
let isFieldRow: bool = false;

/**
 * Prepares for the positions of the voxels x0 to x1 of a row of the block. Of fields it keeps what rows share, until
 * `forgetRows`; a row that is opened leaves no staged box.
 */
export function openRow(job: usize, scratch: usize, x0: i32, x1: i32, y: i32, z: i32): void {
  const steps = load<usize>(job, JOB_STEPS);
  isFieldRow = load<i32>(job, JOB_STEP_COUNT) > 0 && load<i32>(steps, STEP_KIND) == STEP_FIELD && openField(
    job, steps, scratch, <f64>x0 + <f64>load<i32>(job, JOB_START), <f64>y + <f64>load<i32>(job, JOB_START + 4),
    <f64>z + <f64>load<i32>(job, JOB_START + 8), x1 - x0);
}

/** For when the next row may be of another job. */
export function forgetRows(): void {
  forgetField();
}

/** Mapped positions of n voxels of the row that was opened, from voxel x, y, z of the block on. */
export function rowPositions(job: usize, scratch: usize, x: i32, y: i32, z: i32, n: i32): void {
  const first = <f64>x + <f64>load<i32>(job, JOB_START);
  const row = <f64>y + <f64>load<i32>(job, JOB_START + 4);
  const slice = <f64>z + <f64>load<i32>(job, JOB_START + 8);
  const steps = load<usize>(job, JOB_STEPS);
  if (isFieldRow) {
    fieldPositions(steps, scratch, first, n);
    applySteps(job, scratch, 1, n);
    return;
  }
  if (load<i32>(job, JOB_STEP_COUNT) > 0 && load<i32>(steps, STEP_KIND) == STEP_AFFINE) {
    setLine(job, scratch, steps + STEP_MATRIX, y, z);
    linePositions(job, scratch, first, n);
    applySteps(job, scratch, 1, n);
    return;
  }
  for (let i = 0; i < n; i++) {
    const p = scratch + POSITION + ((<usize>i) << 3);
    store<f64>(p, first + <f64>i);
    store<f64>(p + POSITION_AXIS, row);
    store<f64>(p + 2 * POSITION_AXIS, slice);
  }
  applySteps(job, scratch, 0, n);
}

/** Mapped positions of n points of a list, from the first-th on. */
export function pointPositions(job: usize, scratch: usize, first: i32, n: i32): void {
  const points = load<usize>(job, JOB_POINTS) + (<usize>first) * 24;
  for (let i = 0; i < n; i++) {
    const p = scratch + POSITION + ((<usize>i) << 3);
    const q = points + (<usize>i) * 24;
    store<f64>(p, load<f64>(q));
    store<f64>(p + POSITION_AXIS, load<f64>(q, 8));
    store<f64>(p + 2 * POSITION_AXIS, load<f64>(q, 16));
  }
  applySteps(job, scratch, 0, n);
}

/** Does a straight row of voxels stay one: is the map a single affine? */
export function isStraight(job: usize): bool {
  return load<usize>(job, JOB_POINTS) == 0 && load<i32>(job, JOB_STEP_COUNT) == 1
    && load<i32>(load<usize>(job, JOB_STEPS), STEP_KIND) == STEP_AFFINE;
}

/**
 * Slope m0 and offset (m1 · y + m2 · z) + m3 of each axis along the row at y, z of the block. The row's absolute indices
 * decide them, so a block equals its part of the whole.
 */
export function setLine(job: usize, scratch: usize, matrix: usize, y: i32, z: i32): void {
  const row = <f64>y + <f64>load<i32>(job, JOB_START + 4);
  const slice = <f64>z + <f64>load<i32>(job, JOB_START + 8);
  for (let axis: usize = 0; axis < 3; axis++) {
    const m = matrix + axis * 32;
    store<f64>(scratch + axis * 24, load<f64>(m, 8) * row, LINE_TERMS);
    store<f64>(scratch + axis * 24, load<f64>(m, 16) * slice, LINE_TERMS + 8);
    store<f64>(scratch + axis * 24, load<f64>(m, 24), LINE_TERMS + 16);
    store<f64>(scratch + axis * 16, load<f64>(m), LINE);
    store<f64>(scratch + axis * 16, load<f64>(m, 8) * row + load<f64>(m, 16) * slice + load<f64>(m, 24), LINE + 8);
  }
}

/**
 * Do positions have to be summed in the order of the sdk's maps, ((m0 · x + m1 · y) + m2 · z) + m3? Only a kernel that rounds
 * shows their last bit, where exact arithmetic would meet a tie.
 */
@inline
export function keepsOrder(job: usize): bool {
  return load<i32>(job, JOB_INTERPOLATOR) < LINEAR;
}

/** slope · x + offset. */
export function linePositions(job: usize, scratch: usize, x: f64, n: i32): void {
  if (keepsOrder(job)) return orderedPositions(scratch, x, n);
  for (let axis: usize = 0; axis < 3; axis++) {
    const slope = v128.load_splat<u64>(scratch + LINE + axis * 16);
    const offset = v128.load_splat<u64>(scratch + LINE + axis * 16 + 8);
    let index = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
    let p = scratch + POSITION + axis * POSITION_AXIS;
    const end = p + ((<usize>n) << 3);
    while (p < end) {
      v128.store(p, f64x2.add(f64x2.mul(slope, index), offset));
      index = f64x2.add(index, f64x2.splat(2));
      p += 16;
    }
  }
}

function orderedPositions(scratch: usize, x: f64, n: i32): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    const slope = v128.load_splat<u64>(scratch + LINE + axis * 16);
    const byY = v128.load_splat<u64>(scratch + LINE_TERMS + axis * 24);
    const byZ = v128.load_splat<u64>(scratch + LINE_TERMS + axis * 24 + 8);
    const offset = v128.load_splat<u64>(scratch + LINE_TERMS + axis * 24 + 16);
    let index = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
    let p = scratch + POSITION + axis * POSITION_AXIS;
    const end = p + ((<usize>n) << 3);
    while (p < end) {
      v128.store(p, f64x2.add(f64x2.add(f64x2.add(f64x2.mul(slope, index), byY), byZ), offset));
      index = f64x2.add(index, f64x2.splat(2));
      p += 16;
    }
  }
}

/** Replaces every position by its image under the steps from the first-th on, then shifts it. */
function applySteps(job: usize, scratch: usize, first: i32, n: i32): void {
  const steps = load<usize>(job, JOB_STEPS);
  const count = load<i32>(job, JOB_STEP_COUNT);
  for (let s = first; s < count; s++) {
    const step = steps + (<usize>s) * STEP_BYTES;
    if (load<i32>(step, STEP_KIND) == STEP_AFFINE) affineStep(step + STEP_MATRIX, scratch, n, keepsOrder(job));
    else fieldStep(job, step, scratch, n);
  }
  shiftPositions(job, scratch, n);
}

/** Into the index space of samples that were padded. */
export function shiftPositions(job: usize, scratch: usize, n: i32): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    const shift = load<f64>(job + axis * 8, JOB_SHIFT);
    if (shift == 0) continue;
    const row = scratch + POSITION + axis * POSITION_AXIS;
    for (let i = 0; i < n; i++) {
      const p = row + ((<usize>i) << 3);
      store<f64>(p, load<f64>(p) + shift);
    }
  }
}

function affineStep(m: usize, scratch: usize, n: i32, ordered: bool): void {
  const end = scratch + POSITION + ((<usize>n) << 3);
  for (let p = scratch + POSITION; p < end; p += 16) {
    const x = v128.load(p);
    const y = v128.load(p + POSITION_AXIS);
    const z = v128.load(p + 2 * POSITION_AXIS);
    for (let axis: usize = 0; axis < 3; axis++) {
      const r = m + axis * 32;
      const yz = f64x2.add(
        f64x2.mul(v128.load_splat<u64>(r + 8), y), f64x2.mul(v128.load_splat<u64>(r + 16), z));
      const offset = f64x2.add(yz, v128.load_splat<u64>(r + 24));
      const byX = f64x2.mul(v128.load_splat<u64>(r), x);
      if (ordered) {
        const xy = f64x2.add(byX, f64x2.mul(v128.load_splat<u64>(r + 8), y));
        const xyz = f64x2.add(xy, f64x2.mul(v128.load_splat<u64>(r + 16), z));
        v128.store(p + axis * POSITION_AXIS, f64x2.add(xyz, v128.load_splat<u64>(r + 24)));
      } else v128.store(p + axis * POSITION_AXIS, f64x2.add(byX, offset));
    }
  }
}
