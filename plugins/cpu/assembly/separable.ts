import {
  JOB_DIMS, JOB_FILL, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LOOKUP, JOB_OUT_TYPE, JOB_PLANE, JOB_ROW, JOB_SIZE, JOB_SOURCE_TYPE,
  JOB_STEPS, LINEAR, STEP_MATRIX, TYPE_FLOAT32,
} from '../src/job-layout';
import {
  AXIS_TABLES_END, cellOf, distanceOf, insideFrom, insideTo, leastCell, mostCell, placeAxis,
} from './axis-table';
import { deliver } from './deliver';
import { extendRow } from './extend';
import { tapIndex } from './fold';
import { lerp, pairs } from './linear';
import { bytesOf } from './sample';
import { CHUNK, FRACTION, OFFSET, STAGE, VALUE } from './scratch';

/** Of each group of four voxels along x: which bytes of the 16 at its address are its first taps; and its address. */
const PATTERN: usize = (AXIS_TABLES_END + 15) & ~15;
const BASE: usize = PATTERN + 512;
/** A row of values of the source, extended and converted. */
const SAMPLES: usize = BASE + 512;
const MOST_SAMPLES: i32 = 8192;
/** A row of voxels that are outside, and a row as it is delivered. */
const FILLED: usize = SAMPLES + 4 * <usize>MOST_SAMPLES + 64;
const DELIVERED: usize = FILLED + 512;
/** Two rows interpolated along x; then two slices interpolated along x and y. All stay in the first-level cache. */
const ROWS: usize = DELIVERED + 512;
const ROW_BYTES: usize = 512;
const SLICES: usize = STAGE;
const SLICE_BYTES: usize = 262144;

/** The axis of the output that each axis of the source follows. */
let columnX: usize = 0;
let columnY: usize = 1;
let columnZ: usize = 2;

/** Does every axis of the source follow one axis of the output, and is the kernel linear in float32? */
export function isSeparable(job: usize): bool {
  if (load<i32>(job, JOB_INTERPOLATOR) != LINEAR || load<i32>(job, JOB_GRADIENT) != 0) return false;
  columnX = columnOf(job, 0);
  columnY = columnOf(job, 1);
  columnZ = load<i32>(job, JOB_DIMS) == 2 ? 2 : columnOf(job, 2);
  return ((1 << <i32>columnX) | (1 << <i32>columnY) | (1 << <i32>columnZ)) == 7;
}

/** The one column of a row that is not 0; 3 where there is none or another. */
function columnOf(job: usize, row: usize): usize {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX + row * 32;
  let found: usize = 3;
  for (let column: usize = 0; column < 3; column++) {
    if (load<f64>(m + (column << 3)) == 0) continue;
    if (found != 3) return 3;
    found = column;
  }
  return found;
}

// What the tile of the job at hand looks like, in the order of the source's axes.
let width: i32 = 0;
let height: i32 = 0;
let depth: i32 = 0;
let line: usize = 0;
let across: usize = 0;
let down: usize = 0;
let deep: usize = 0;
let boxX: i32 = 0;
let boxWidth: i32 = 0;
let isShuffled: bool = false;
let samples: usize = 0;

/**
 * Linear of a tile: each row of samples is interpolated along x once, pairs of rows along y, then pairs of slices along z,
 * with two rows and two slices at hand. The steps of a voxel are those of linear.ts in their order, so the bits are the
 * same. `row` and `slice` are bytes between rows and slices of the output, `out` is where the tile begins.
 *
 * Limited by loads and stores in the first-level cache: per four voxels 3 along z, 3 along y and 6 along x, of which a
 * scale of s needs s^0, s and s^2.
 *
 * False, with nothing written that counts, where the tile does not fit, or meets what is not finite.
 */
export function sampleSeparable(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32, out: usize, row: usize,
  slice: usize,
): bool {
  const bytes = bytesOf(load<i32>(job, JOB_OUT_TYPE));
  across = pick<usize>(columnX, bytes, row, slice);
  down = pick<usize>(columnY, bytes, row, slice);
  deep = pick<usize>(columnZ, bytes, row, slice);
  width = pick<i32>(columnX, x1 - x0, y1 - y0, z1 - z0);
  height = pick<i32>(columnY, x1 - x0, y1 - y0, z1 - z0);
  depth = pick<i32>(columnZ, x1 - x0, y1 - y0, z1 - z0);
  line = ((<usize>width + 7) & ~(<usize>7)) << 2;
  if (width > CHUNK || <usize>height * line > SLICE_BYTES) return false;
  const fromX = pick<i32>(columnX, x0, y0, z0);
  const fromY = pick<i32>(columnY, x0, y0, z0);
  const fromZ = pick<i32>(columnZ, x0, y0, z0);
  if (!placeAxis(job, scratch, 0, columnX, fromX, fromX + width)) return false;
  if (!placeAxis(job, scratch, 1, columnY, fromY, fromY + height)) return false;
  if (!placeAxis(job, scratch, 2, columnZ, fromZ, fromZ + depth)) return false;
  samples = source;
  const fill = f32x4.splat(<f32>load<f64>(job, JOB_FILL));
  for (let i: usize = 0; i < line; i += 16) v128.store(scratch + FILLED + i, fill);
  if (insideTo(scratch, 0) == 0) return fillRows(job, scratch, 0, height, 0, depth, out);
  boxX = leastCell(scratch, 0);
  boxWidth = mostCell(scratch, 0) - boxX + 2;
  if (boxWidth > MOST_SAMPLES) return false;
  placeGroups(scratch);
  return sampleSlices(job, scratch, out);
}

@inline
function pick<T>(column: usize, x: T, y: T, z: T): T {
  return column == 0 ? x : column == 1 ? y : z;
}

/** Addresses and distances of groups of four along x; the last repeats its last voxel. */
function placeGroups(scratch: usize): void {
  isShuffled = true;
  for (let i = 0; i < <i32>(line >> 2); i++) {
    const k = min(i, width - 1);
    store<f32>(scratch + ((<usize>i) << 2), distanceOf(scratch, 0, k), FRACTION);
    store<i32>(scratch + ((<usize>i) << 2), (cellOf(scratch, 0, k) - boxX) << 2, OFFSET);
  }
  for (let g: usize = 0; g < line; g += 16) {
    const at = scratch + OFFSET + g;
    const base = min(load<i32>(at), load<i32>(at, 12));
    store<i32>(scratch + g, base, BASE);
    for (let lane: usize = 0; lane < 4; lane++) {
      const apart = load<i32>(at + (lane << 2)) - base;
      if (apart > 12) isShuffled = false;
      store<i32>(scratch + g + (lane << 2), apart * 0x01010101 + 0x03020100, PATTERN);
    }
  }
}

function sampleSlices(job: usize, scratch: usize, out: usize): bool {
  const first = insideFrom(scratch, 2);
  const end = insideTo(scratch, 2);
  fillRows(job, scratch, 0, height, 0, first, out);
  fillRows(job, scratch, 0, height, end, depth, out);
  const isFlat = load<i32>(job, JOB_DIMS) == 2;
  let a = scratch + SLICES;
  let b = a + SLICE_BYTES;
  // Cells of the slices at a and b; none yet.
  let atA = i32.MIN_VALUE;
  let atB = i32.MIN_VALUE;
  for (let k = first; k < end; k++) {
    const cell = cellOf(scratch, 2, k);
    if (atA != cell && (atB == cell || atA == cell + 1)) {
      const other = a;
      a = b;
      b = other;
      const moved = atA;
      atA = atB;
      atB = moved;
    }
    if (atA != cell) sampleSlice(job, scratch, cell, a);
    if (!isFlat && atB != cell + 1) sampleSlice(job, scratch, cell + 1, b);
    atA = cell;
    atB = cell + 1;
    const t = f32x4.splat(distanceOf(scratch, 2, k));
    if (!blendSlices(job, scratch, a, isFlat ? a : b, t, out + <usize>k * deep)) return false;
  }
  return true;
}

/** Rows of the tile interpolated along x and y, of one slice of samples. */
function sampleSlice(job: usize, scratch: usize, z: i32, into: usize): void {
  let a = scratch + ROWS;
  let b = a + ROW_BYTES;
  let atA = i32.MIN_VALUE;
  let atB = i32.MIN_VALUE;
  const end = insideTo(scratch, 1);
  for (let j = insideFrom(scratch, 1); j < end; j++) {
    const cell = cellOf(scratch, 1, j);
    if (atA != cell && (atB == cell || atA == cell + 1)) {
      const other = a;
      a = b;
      b = other;
      const moved = atA;
      atA = atB;
      atB = moved;
    }
    if (atA != cell) alongX(scratch, rowOf(job, scratch, cell, z), a);
    if (atB != cell + 1) alongX(scratch, rowOf(job, scratch, cell + 1, z), b);
    atA = cell;
    atB = cell + 1;
    blendRows(a, b, f32x4.splat(distanceOf(scratch, 1, j)), into + <usize>j * line);
  }
}

function blendRows(a: usize, b: usize, t: v128, out: usize): void {
  for (const end = a + line; a < end; a += 32) {
    v128.store(out, lerp(v128.load(a), v128.load(b), t));
    v128.store(out, lerp(v128.load(a, 16), v128.load(b, 16), t), 16);
    b += 32;
    out += 32;
  }
}

/** Address of the box's first sample in row y, z: of the source itself, or of a copy that is converted and extended. */
function rowOf(job: usize, scratch: usize, y: i32, z: i32): usize {
  const isPlain = load<i32>(job, JOB_SOURCE_TYPE) == TYPE_FLOAT32 && load<usize>(job, JOB_LOOKUP) == 0;
  if (isPlain && boxX >= 0 && boxX + boxWidth <= load<i32>(job, JOB_SIZE)) {
    const row = tapIndex(job, 1, y);
    const slice = tapIndex(job, 2, z);
    const apart = row * load<i32>(job, JOB_ROW) + slice * load<i32>(job, JOB_PLANE) + boxX;
    if ((row | slice) >= 0) return samples + ((<usize>apart) << 2);
  }
  extendRow<f32>(job, samples, boxX, boxWidth, y, z, scratch + SAMPLES);
  return scratch + SAMPLES;
}

function alongX(scratch: usize, row: usize, out: usize): void {
  if (isShuffled) {
    for (let g: usize = 0; g < line; g += 16) {
      const at = scratch + g;
      const base = row + load<usize>(at, BASE);
      const pattern = v128.load(at, PATTERN);
      const a = i8x16.swizzle(v128.load(base), pattern);
      const b = i8x16.swizzle(v128.load(base, 4), pattern);
      v128.store(out + g, lerp(a, b, v128.load(at, FRACTION)));
    }
    return;
  }
  for (let g: usize = 0; g < line; g += 16) {
    const at = scratch + g;
    const value = pairs<f32>(
      row + load<usize>(at, OFFSET), row + load<usize>(at, OFFSET + 4), row + load<usize>(at, OFFSET + 8),
      row + load<usize>(at, OFFSET + 12), v128.load(at, FRACTION));
    v128.store(out + g, value);
  }
}

/** Voxels of one slice of the tile, from slices a and b of rows. */
function blendSlices(job: usize, scratch: usize, a: usize, b: usize, t: v128, out: usize): bool {
  const isDirect = load<i32>(job, JOB_OUT_TYPE) == TYPE_FLOAT32 && across == 4
    && insideFrom(scratch, 0) == 0 && insideTo(scratch, 0) == width;
  const whole = isDirect ? (<usize>width & ~(<usize>7)) << 2 : 0;
  const first = insideFrom(scratch, 1);
  const end = insideTo(scratch, 1);
  fillRows(job, scratch, 0, first, 0, 1, out);
  fillRows(job, scratch, end, height, 0, 1, out);
  let odd = f32x4.splat(0);
  for (let j = first; j < end; j++) {
    const x = a + <usize>j * line;
    const y = b + <usize>j * line;
    const row = out + <usize>j * down;
    for (let i: usize = 0; i < whole; i += 32) {
      const value = lerp(v128.load(x + i), v128.load(y + i), t);
      const next = lerp(v128.load(x + i, 16), v128.load(y + i, 16), t);
      v128.store(row + i, value);
      v128.store(row + i, next, 16);
      odd = f32x4.add(odd, f32x4.add(f32x4.sub(value, value), f32x4.sub(next, next)));
    }
    for (let i = whole; i < line; i += 16) {
      const value = lerp(v128.load(x + i), v128.load(y + i), t);
      v128.store(scratch + VALUE + i, value);
      odd = f32x4.add(odd, f32x4.sub(value, value));
    }
    if (whole < line) deliverRow(job, scratch, whole, row);
  }
  return !v128.any_true(f32x4.ne(odd, f32x4.splat(0)));
}

/** The values of a row, from the byte `first` on, as pixels, and those that are outside as the fill value. */
function deliverRow(job: usize, scratch: usize, first: usize, out: usize): void {
  const from = <i32>(first >> 2);
  for (let i = 0; i < insideFrom(scratch, 0); i++) copyFill(scratch, i);
  for (let i = insideTo(scratch, 0); i < width; i++) copyFill(scratch, i);
  writeRow(job, scratch, scratch + VALUE + first, width - from, out + <usize>from * across);
}

@inline
function copyFill(scratch: usize, i: i32): void {
  store<f32>(scratch + VALUE + ((<usize>i) << 2), load<f32>(scratch + FILLED));
}

/** Rows y0..y1 of slices z0..z1, all outside; answers true. */
function fillRows(job: usize, scratch: usize, y0: i32, y1: i32, z0: i32, z1: i32, out: usize): bool {
  for (let k = z0; k < z1; k++) {
    for (let j = y0; j < y1; j++) {
      writeRow(job, scratch, scratch + FILLED, width, out + <usize>j * down + <usize>k * deep);
    }
  }
  return true;
}

/** n float32 values as pixels, `across` bytes apart. */
function writeRow(job: usize, scratch: usize, values: usize, n: i32, out: usize): void {
  const type = load<i32>(job, JOB_OUT_TYPE);
  const bytes = bytesOf(type);
  if (across == bytes) return deliver<f32>(type, values, n, out);
  deliver<f32>(type, values, n, scratch + DELIVERED);
  if (bytes == 1) scatter<u8>(scratch + DELIVERED, n, out);
  else if (bytes == 2) scatter<u16>(scratch + DELIVERED, n, out);
  else scatter<u32>(scratch + DELIVERED, n, out);
}

@inline
function scatter<T>(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    store<T>(out, load<T>(from + i * sizeof<T>()));
    out += across;
  }
}
