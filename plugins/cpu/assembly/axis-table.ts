import {
  JOB_EXTENT, JOB_LIMIT, JOB_START, JOB_STEPS, JOB_WRAP, LIMIT_CELLS, LIMIT_NONE, LIMIT_SAMPLES, STEP_MATRIX,
} from '../src/job-layout';
import { TABLE } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';

// Where the voxels of a tile look along one axis of the source, when one axis of the output decides it: int32 cells, then
// float32 distances from them, then which voxels are not outside and which cells those meet.
const LONGEST: usize = 1024;
const CELL: usize = TABLE;
const DISTANCE: usize = CELL + 4 * LONGEST;
const INSIDE: usize = DISTANCE + 4 * LONGEST;
const AXIS: usize = 8 * LONGEST + 16;
/** Past the tables of three axes. */
export const AXIS_TABLES_END: usize = TABLE + 3 * AXIS;

/** Beyond such indices a position is brought near first, and cells have no room. */
const FAR: f64 = 400000;

/**
 * Fills the table of a source axis for the voxels from..to along the output axis `column`. A voxel that is outside has the
 * cell of its neighbour. False where a position would have to be moved first.
 */
export function placeAxis(job: usize, scratch: usize, axis: usize, column: usize, from: i32, to: i32): bool {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32;
  const slope = load<f64>(m + (column << 3));
  const offset = load<f64>(m, 24);
  const start = load<i32>(job + (column << 2), JOB_START);
  const limit = load<i32>(job, JOB_LIMIT);
  const last = load<f64>(job + axis * 8, JOB_EXTENT) - 1;
  const wraps = load<i32>(job, JOB_WRAP) != 0;
  const table = scratch + axis * AXIS;
  if (<usize>(to - from) > LONGEST) return false;
  let first = -1;
  let end = 0;
  for (let i = 0; i < to - from; i++) {
    const p = slope * <f64>(start + from + i) + offset;
    const isAmong = p >= 0 && p <= last;
    if (!isAmong && limit != LIMIT_NONE && isOutside(limit, p, last)) continue;
    if (!isAmong && (wraps || !(p > -FAR && p < FAR))) return false;
    const bits = reinterpret<u64>(p + MAGIC);
    store<i32>(table + ((<usize>i) << 2), <i32>(bits >> 32) - MAGIC_WORD, CELL);
    store<f32>(table + ((<usize>i) << 2), <f32>(<i32>((<u32>bits) >> 1)) * UNIT, DISTANCE);
    if (first < 0) first = i;
    end = i + 1;
  }
  first = max(first, 0);
  repeat(table, 0, first, first);
  repeat(table, end, to - from, end - 1);
  store<i32>(table, first, INSIDE);
  store<i32>(table, end, INSIDE + 4);
  if (end == 0) return true;
  const a = load<i32>(table + ((<usize>first) << 2), CELL);
  const b = load<i32>(table + ((<usize>(end - 1)) << 2), CELL);
  store<i32>(table, min(a, b), INSIDE + 8);
  store<i32>(table, max(a, b), INSIDE + 12);
  return true;
}

@inline
function isOutside(limit: i32, p: f64, last: f64): bool {
  if (limit == LIMIT_SAMPLES) return true;
  return limit == LIMIT_CELLS && !(p >= -0.5 && p < last + 0.5);
}

function repeat(table: usize, from: i32, to: i32, last: i32): void {
  if (last < 0) return;
  for (let i = from; i < to; i++) {
    const at = table + ((<usize>i) << 2);
    store<i32>(at, load<i32>(table + ((<usize>last) << 2), CELL), CELL);
    store<f32>(at, load<f32>(table + ((<usize>last) << 2), DISTANCE), DISTANCE);
  }
}

@inline
export function cellOf(scratch: usize, axis: usize, i: i32): i32 {
  return load<i32>(scratch + axis * AXIS + ((<usize>i) << 2), CELL);
}
@inline
export function distanceOf(scratch: usize, axis: usize, i: i32): f32 {
  return load<f32>(scratch + axis * AXIS + ((<usize>i) << 2), DISTANCE);
}
/** Voxels from here to before `insideTo` are not outside. */
@inline
export function insideFrom(scratch: usize, axis: usize): i32 { return load<i32>(scratch + axis * AXIS, INSIDE); }
@inline
export function insideTo(scratch: usize, axis: usize): i32 { return load<i32>(scratch + axis * AXIS, INSIDE + 4); }
@inline
export function leastCell(scratch: usize, axis: usize): i32 { return load<i32>(scratch + axis * AXIS, INSIDE + 8); }
@inline
export function mostCell(scratch: usize, axis: usize): i32 { return load<i32>(scratch + axis * AXIS, INSIDE + 12); }
