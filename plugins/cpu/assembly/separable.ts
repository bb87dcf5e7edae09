import {
  JOB_DIMS, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_OUT_TYPE, JOB_START, JOB_STEPS, LINEAR, STEP_MATRIX, TYPE_FLOAT32,
} from '../src/job-layout';
import { deliver } from './deliver';
import { lerp, pairs } from './linear';
import { setLine } from './positions';
import { areFinite } from './repair';
import { CHUNK, FRACTION, OFFSET, STAGE, VALUE } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';
import { innerFrom, innerTo, judgeRow, setBounds } from './straight';
import { placeStraight } from './straight-chunk';
import { viewPlane, viewRow, viewType } from './view';

/** Room for what has been interpolated along x, and along x and y; after the staged box. */
const ROOM: usize = 1048576;
const ALONG_X: usize = STAGE + ROOM;
const ALONG_XY: usize = ALONG_X + ROOM;

/** Is the map a scaling of each axis by itself, and the kernel linear in float32? */
export function isSeparable(job: usize): bool {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX;
  const mixed = Math.abs(load<f64>(m, 8)) + Math.abs(load<f64>(m, 16)) + Math.abs(load<f64>(m, 32))
    + Math.abs(load<f64>(m, 48)) + Math.abs(load<f64>(m, 64)) + Math.abs(load<f64>(m, 72));
  return mixed == 0 && load<i32>(job, JOB_INTERPOLATOR) == LINEAR && load<i32>(job, JOB_DIMS) == 3
    && load<i32>(job, JOB_GRADIENT) == 0;
}

/**
 * Linear of a tile all of whose voxels lie in the view: each row of samples is interpolated along x once, then pairs of
 * rows along y, then of slices along z. The steps of a voxel are those of linear.ts in their order, so the bits are the
 * same. Limited by the loads of pairs along x; y and z run at the speed of the first-level cache.
 *
 * False, with nothing written that counts, where the tile is not all in view, does not fit, or meets what is not finite.
 */
export function sampleSeparable(
  job: usize, scratch: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32, out: usize, row: usize, slice: usize,
): bool {
  const width = x1 - x0;
  if (viewType(scratch) != TYPE_FLOAT32 || width > CHUNK) return false;
  setBounds(job, scratch);
  if (!isRowInner(job, scratch, x0, x1, y1 - 1, z1 - 1) || !isRowInner(job, scratch, x0, x1, y0, z0)) return false;
  const a = cellAt(job, 1, y0);
  const b = cellAt(job, 1, y1 - 1);
  const c = cellAt(job, 2, z0);
  const d = cellAt(job, 2, z1 - 1);
  const firstY = min(a, b);
  const firstZ = min(c, d);
  const rows = max(a, b) - firstY + 2;
  const slices = max(c, d) - firstZ + 2;
  const line: usize = (<usize>width + 3) & ~(<usize>3);
  if (<usize>(rows * slices) * line * 4 > ROOM || <usize>(slices * (y1 - y0)) * line * 4 > ROOM) return false;
  placeStraight(scratch, <f64>(x0 + load<i32>(job, JOB_START)), width, 0, 0, 2);
  alongX(scratch, firstY - a, firstZ - c, rows, slices, line);
  alongY(job, scratch, y0, y1, firstY, rows, slices, line);
  return alongZ(job, scratch, y1 - y0, z0, z1, firstZ, width, line, out, row, slice);
}

function isRowInner(job: usize, scratch: usize, x0: i32, x1: i32, y: i32, z: i32): bool {
  const start = load<i32>(job, JOB_START);
  setLine(job, scratch, load<usize>(job, JOB_STEPS) + STEP_MATRIX, y, z);
  judgeRow(job, scratch, start + x0, start + x1);
  return innerFrom == start + x0 && innerTo == start + x1;
}

/** Position along an axis that only its own index decides, with the split's 20 bits of cell and 32 of fraction. */
@inline
function fixedAt(job: usize, axis: usize, i: i32): u64 {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + axis * 32;
  const at = <f64>i + <f64>load<i32>(job + (axis << 2), JOB_START);
  return reinterpret<u64>(load<f64>(m + (axis << 3)) * at + load<f64>(m, 24) + MAGIC);
}

@inline
function cellAt(job: usize, axis: usize, i: i32): i32 {
  return <i32>(fixedAt(job, axis, i) >> 32) - MAGIC_WORD;
}

@inline
function fractionAt(job: usize, axis: usize, i: i32): v128 {
  return f32x4.splat(<f32>(<i32>((<u32>fixedAt(job, axis, i)) >> 1)) * UNIT);
}

/** OFFSET has the addresses of the row at y0, z0; other rows lie whole strides apart. */
function alongX(scratch: usize, y: i32, z: i32, rows: i32, slices: i32, line: usize): void {
  const stride = <usize>viewRow(scratch) << 2;
  const plane = <usize>viewPlane(scratch) << 2;
  let out = scratch + ALONG_X;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const apart = <usize>(y + j) * stride + <usize>(z + k) * plane;
      for (let i: usize = 0; i < line << 2; i += 16) {
        const at = scratch + OFFSET + i;
        const value = pairs<f32>(
          load<usize>(at) + apart, load<usize>(at, 4) + apart, load<usize>(at, 8) + apart, load<usize>(at, 12) + apart,
          v128.load(scratch + FRACTION + i));
        v128.store(out, value);
        out += 16;
      }
    }
  }
}

function alongY(job: usize, scratch: usize, y0: i32, y1: i32, first: i32, rows: i32, slices: i32, line: usize): void {
  let out = scratch + ALONG_XY;
  for (let k = 0; k < slices; k++) {
    for (let y = y0; y < y1; y++) {
      const t = fractionAt(job, 1, y);
      let at = scratch + ALONG_X + (<usize>(k * rows + cellAt(job, 1, y) - first) * line << 2);
      const next = line << 2;
      for (const end = at + next; at < end; at += 16) {
        v128.store(out, lerp(v128.load(at), v128.load(at + next), t));
        out += 16;
      }
    }
  }
}

function alongZ(
  job: usize, scratch: usize, height: i32, z0: i32, z1: i32, first: i32, width: i32, line: usize, out: usize, row: usize,
  slice: usize,
): bool {
  const type = load<i32>(job, JOB_OUT_TYPE);
  const next = <usize>height * line << 2;
  for (let z = z0; z < z1; z++) {
    const t = fractionAt(job, 2, z);
    let at = scratch + ALONG_XY + <usize>(cellAt(job, 2, z) - first) * next;
    for (let y = 0; y < height; y++) {
      for (let i: usize = 0; i < line << 2; i += 16) {
        v128.store(scratch + VALUE + i, lerp(v128.load(at), v128.load(at + next), t));
        at += 16;
      }
      if (!areFinite<f32>(scratch, 0, width, 0)) return false;
      deliver<f32>(type, scratch + VALUE, width, out + <usize>(z - z0) * slice + <usize>y * row);
    }
  }
  return true;
}
