import {
  JOB_CHANNEL, JOB_DIMS, JOB_FILL, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LOOKUP, JOB_PLANE, JOB_ROW, JOB_SOURCE_TYPE, LINEAR, SCRATCH_BYTES,
  TYPE_FLOAT32, TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { widenReach } from './clamped-reach';
import { tapIndex } from './fold';
import { measureReach, reachOf } from './reach';
import { STAGE } from './scratch';
import { convertRow } from './stage-box';
import { boxX, boxY, boxZ, isCut, measureBox, MOST_BYTES, MOST_COPIED, setExcess, sizeX, sizeY, sizeZ, SLACK } from './stage';
import { openTight } from './tight-view';
import { touchRows } from './touch-rows';
import { clampView } from './view';

/** Samples between rows, known when kernels are compiled; an odd number of cache lines, so that rows share few sets. */
export const PITCH: i32 = 176;

/**
 * Of a channel that does not stay in the last cache until the next tile looks at it. What comes from memory is touched before it
 * is copied, else stores wait between its loads: 0.9 to 0.97 of the time of the kernel at 224^3 to 320^3.
 */
const CACHE_BYTES: usize = 16777216;

/** Are tiles of this kind read from a tight box: linear of a volume, without slopes? */
export function isTight(job: usize): bool {
  return load<i32>(job, JOB_INTERPOLATOR) == LINEAR && load<i32>(job, JOB_GRADIENT) == 0
    && load<i32>(job, JOB_DIMS) == 3 && load<usize>(job, JOB_LOOKUP) == 0;
}

/**
 * Copies, of the box around what the voxels of a tile look at under an affine, no more than each of its rows is looked at, in
 * the type of arithmetic, and opens the tight view on it; false where it is too large. What lies between is not defined: only voxels of the tile may be sampled from
 * there, and those only that straight.ts calls inner.
 *
 * Limited by memory: 1.1 samples per voxel when a tile of 128 x 20 x 20 is turned by 10 degrees, where the whole box has 2.4.
 */
export function stageTight<F>(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  if (!measureBox(job, x0, x1, y0, y1, z0, z1) || sizeX > PITCH) return false;
  const rows = sizeY | 1;
  const pitch = PITCH * <i32>sizeof<F>();
  const box = <i64>pitch * <i64>rows * <i64>sizeZ;
  if (!isNear(job, scratch, sizeof<F>(), box, x0, x1, y0, y1, z0, z1)) return false;
  copyReach<F>(job, scratch, source, rows);
  openTight(scratch, <i32>sizeof<F>(), pitch, pitch * rows);
  if (isCut) clampView(scratch);
  return true;
}

/**
 * Measures what the tile looks at of the box. False where that is too much for its voxels, or exceeds the cache, or its box
 * the memory for it, which is so many bytes.
 */
export function isNear(
  job: usize, scratch: usize, bytes: usize, box: i64, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  const voxels = <i64>((x1 - x0) * (y1 - y0) * (z1 - z0));
  // Too many, whatever a closer look may find.
  if (<i64>(sizeX * sizeY) * <i64>sizeZ > 4 * MOST_COPIED * voxels) return false;
  if (box > <i64>(<usize>SCRATCH_BYTES - STAGE - SLACK)) return setExcess();
  let samples = measureReach(job, scratch, x0, x1, y0, y1, z0, z1);
  if (isCut && samples >= 0) samples = widenReach(job, scratch);
  if (samples < 0 || <i64>samples > MOST_COPIED * voxels) return false;
  return <usize>samples * bytes <= MOST_BYTES || setExcess();
}

function copyReach<F>(job: usize, scratch: usize, source: usize, rows: i32): void {
  const type = load<i32>(job, JOB_SOURCE_TYPE);
  if (type == TYPE_FLOAT32) copyTyped<f32, F>(job, scratch, source, rows);
  else if (type == TYPE_INT16) copyTyped<i16, F>(job, scratch, source, rows);
  else if (type == TYPE_UINT8) copyTyped<u8, F>(job, scratch, source, rows);
  else if (type == TYPE_UINT16) copyTyped<u16, F>(job, scratch, source, rows);
  else if (type == TYPE_INT8) copyTyped<i8, F>(job, scratch, source, rows);
  else if (sizeof<F>() == 8) copyWide(type, job, scratch, source, rows);
}

/** Of the types that need float64. */
function copyWide(type: i32, job: usize, scratch: usize, source: usize, rows: i32): void {
  if (type == TYPE_INT32) copyTyped<i32, f64>(job, scratch, source, rows);
  else if (type == TYPE_UINT32) copyTyped<u32, f64>(job, scratch, source, rows);
  else copyTyped<f64, f64>(job, scratch, source, rows);
}

function copyTyped<T, F>(job: usize, scratch: usize, source: usize, rows: i32): void {
  const isFar = load<usize>(job, JOB_CHANNEL) * sizeof<T>() > CACHE_BYTES;
  for (let k = 0; k < sizeZ; k++) {
    if (isFar) touchRows(job, scratch, source, sizeof<T>(), k);
    const slice = tapIndex(job, 2, boxZ + k);
    let reach = reachOf(scratch, k);
    let out = scratch + STAGE + <usize>(k * rows * PITCH) * sizeof<F>();
    for (let j = boxY; j < boxY + sizeY; j++) {
      // From a whole vector on, so that few of those that are stored belong to two cache lines.
      const from = load<i32>(reach) & -4;
      const n = load<i32>(reach, 4) - from;
      if (n > 0) copyRow<T, F>(job, source, boxX + from, n, j, slice, out + <usize>from * sizeof<F>());
      reach += 8;
      out += PITCH * sizeof<F>();
    }
  }
}

/** What is written past the row is written again by those that follow, which are later in memory. */
@inline
function copyRow<T, F>(job: usize, source: usize, x: i32, n: i32, j: i32, slice: i32, out: usize): void {
  const row = tapIndex(job, 1, j);
  if (row < 0 || slice < 0) return fillRow<F>(job, n, out);
  const samples = <usize>row * load<usize>(job, JOB_ROW) + <usize>slice * load<usize>(job, JOB_PLANE);
  convertRow<T, F>(job, source + samples * sizeof<T>(), x, n, out);
}

function fillRow<F>(job: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<F>(out + i * sizeof<F>(), <F>load<f64>(job, JOB_FILL));
}
