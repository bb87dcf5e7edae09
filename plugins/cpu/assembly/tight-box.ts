import {
  JOB_DIMS, JOB_FILL, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LOOKUP, JOB_PLANE, JOB_ROW, JOB_SOURCE_TYPE, LINEAR, SCRATCH_BYTES,
  TYPE_FLOAT32, TYPE_INT16, TYPE_INT8, TYPE_UINT16, TYPE_UINT8,
} from '../src/job-layout';
import { tapIndex } from './fold';
import { measureReach, reachOf } from './reach';
import { STAGE } from './scratch';
import { convertRow } from './stage-box';
import { boxX, boxY, boxZ, measureBox, MOST_BYTES, MOST_COPIED, sizeX, sizeY, sizeZ, SLACK } from './stage';
import { openTight } from './tight-view';

/** Samples between rows, known when kernels are compiled; an odd number of cache lines, so that rows share few sets. */
export const PITCH: i32 = 176;

/** Are tiles of this kind read from a tight box: linear of a volume in float32, without slopes? */
export function isTight<F>(job: usize): bool {
  return sizeof<F>() == 4 && load<i32>(job, JOB_INTERPOLATOR) == LINEAR && load<i32>(job, JOB_GRADIENT) == 0
    && load<i32>(job, JOB_DIMS) == 3 && load<usize>(job, JOB_LOOKUP) == 0;
}

/**
 * Copies, of the box around what the voxels of a tile look at under an affine, no more than each of its rows is looked at, as
 * float32, and opens the tight view on it; false where it is too large. What lies between is not defined: only voxels of the tile may be sampled from
 * there, and those only that straight.ts calls inner.
 *
 * Limited by memory: 1.1 samples per voxel when a tile of 128 x 20 x 20 is turned by 10 degrees, where the whole box has 2.4.
 */
export function stageTight(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  if (!measureBox(job, x0, x1, y0, y1, z0, z1)) return false;
  const rows = sizeY | 1;
  const room = <i64>(<usize>SCRATCH_BYTES - STAGE - SLACK);
  // Too many for the voxels, whatever a closer look may find.
  if (<i64>(sizeX * sizeY) * <i64>sizeZ > 4 * MOST_COPIED * <i64>((x1 - x0) * (y1 - y0) * (z1 - z0))) return false;
  if (sizeX > PITCH || ((<i64>PITCH * <i64>rows * <i64>sizeZ) << 2) > room) return false;
  const samples = measureReach(job, scratch, x0, x1, y0, y1, z0, z1);
  const most = min(MOST_COPIED * <i64>((x1 - x0) * (y1 - y0) * (z1 - z0)), <i64>(MOST_BYTES >> 2));
  if (samples < 0 || <i64>samples > most) return false;
  copyReach(job, scratch, source, rows);
  openTight(scratch, PITCH << 2, (PITCH * rows) << 2);
  return true;
}

function copyReach(job: usize, scratch: usize, source: usize, rows: i32): void {
  const type = load<i32>(job, JOB_SOURCE_TYPE);
  if (type == TYPE_FLOAT32) copyTyped<f32>(job, scratch, source, rows);
  else if (type == TYPE_INT16) copyTyped<i16>(job, scratch, source, rows);
  else if (type == TYPE_UINT8) copyTyped<u8>(job, scratch, source, rows);
  else if (type == TYPE_UINT16) copyTyped<u16>(job, scratch, source, rows);
  else if (type == TYPE_INT8) copyTyped<i8>(job, scratch, source, rows);
}

function copyTyped<T>(job: usize, scratch: usize, source: usize, rows: i32): void {
  for (let k = 0; k < sizeZ; k++) {
    const slice = tapIndex(job, 2, boxZ + k);
    let reach = reachOf(scratch, k);
    let out = scratch + STAGE + (<usize>(k * rows * PITCH) << 2);
    for (let j = boxY; j < boxY + sizeY; j++) {
      // From a whole vector on, so that few of those that are stored belong to two cache lines.
      const from = load<i32>(reach) & -4;
      const n = load<i32>(reach, 4) - from;
      if (n > 0) copyRow<T>(job, source, boxX + from, n, j, slice, out + (<usize>from << 2));
      reach += 8;
      out += PITCH << 2;
    }
  }
}

/** What is written past the row is written again by those that follow, which are later in memory. */
@inline
function copyRow<T>(job: usize, source: usize, x: i32, n: i32, j: i32, slice: i32, out: usize): void {
  const row = tapIndex(job, 1, j);
  if (row < 0 || slice < 0) return fillRow(job, n, out);
  const samples = <usize>row * load<usize>(job, JOB_ROW) + <usize>slice * load<usize>(job, JOB_PLANE);
  convertRow<T>(job, source + samples * sizeof<T>(), x, n, out);
}

function fillRow(job: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f32>(out + (i << 2), <f32>load<f64>(job, JOB_FILL));
}
