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
import { bytesOf } from './sample';
import { STAGE } from './scratch';
import { beginGroups, blendRows, endGroup, GROUP_BYTES, interpolateRow, placeLane } from './separable-rows';

/** Voxels of a tile along the source's x. */
export const MOST_WIDTH: i32 = 512;
/** Samples that they look at. */
const MOST_SAMPLES: i32 = 8192;
const ROW_BYTES: usize = 4 * <usize>MOST_WIDTH + 64;
/** Of each group of four voxels along x, see separable-rows.ts. */
const GROUPS: usize = (AXIS_TABLES_END + 15) & ~15;
/** A row of values of the source, extended and converted. */
const SAMPLES: usize = GROUPS + GROUP_BYTES * <usize>MOST_WIDTH / 4;
/** A row of voxels that are outside, one of values, and one as it is delivered. */
const FILLED: usize = SAMPLES + 4 * <usize>MOST_SAMPLES + 64;
const VALUES: usize = FILLED + ROW_BYTES;
const DELIVERED: usize = VALUES + ROW_BYTES;
/** Two rows interpolated along x; then two slices interpolated along x and y. */
const ROWS: usize = DELIVERED + ROW_BYTES;
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
  line = ((<usize>width + 15) & ~(<usize>15)) << 2;
  if (width > MOST_WIDTH || <usize>height * line > SLICE_BYTES) return false;
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

/** Groups of four voxels along x; the last repeats its last voxel. */
function placeGroups(scratch: usize): void {
  beginGroups();
  for (let i = 0; i < <i32>(line >> 2); i++) {
    const k = min(i, width - 1);
    const group = scratch + GROUPS + (<usize>(i >> 2)) * GROUP_BYTES;
    placeLane(group, i & 3, (cellOf(scratch, 0, k) - boxX) << 2, distanceOf(scratch, 0, k));
    if ((i & 3) == 3) endGroup(group);
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
    if (atA != cell && !sampleSlice(job, scratch, cell, a)) return false;
    if (!isFlat && atB != cell + 1 && !sampleSlice(job, scratch, cell + 1, b)) return false;
    atA = cell;
    atB = cell + 1;
    deliverSlice(job, scratch, a, b, distanceOf(scratch, 2, k), out + <usize>k * deep);
  }
  return true;
}

/** Rows of the tile interpolated along x and y, of one slice of samples; false where they are not all finite. */
function sampleSlice(job: usize, scratch: usize, z: i32, into: usize): bool {
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
    if (atA != cell && !interpolateRow(scratch + GROUPS, rowOf(job, scratch, cell, z), a, line)) return false;
    if (atB != cell + 1 && !interpolateRow(scratch + GROUPS, rowOf(job, scratch, cell + 1, z), b, line)) return false;
    atA = cell;
    atB = cell + 1;
    blendRows(a, b, distanceOf(scratch, 1, j), into + <usize>j * line, line);
  }
  return true;
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

/** Voxels of one slice of the tile, t of the way from slice a of rows to slice b; of a picture, slice a. */
function deliverSlice(job: usize, scratch: usize, a: usize, b: usize, t: f32, out: usize): void {
  const isFlat = load<i32>(job, JOB_DIMS) == 2;
  const isDirect = load<i32>(job, JOB_OUT_TYPE) == TYPE_FLOAT32 && across == 4 && !isFlat;
  const whole = isDirect ? (<usize>width & ~(<usize>15)) << 2 : 0;
  const first = insideFrom(scratch, 1);
  const end = insideTo(scratch, 1);
  fillRows(job, scratch, 0, first, 0, 1, out);
  fillRows(job, scratch, end, height, 0, 1, out);
  for (let j = first; j < end; j++) {
    const x = a + <usize>j * line;
    const y = b + <usize>j * line;
    const row = out + <usize>j * down;
    blendRows(x, y, t, row, whole);
    if (whole < line) {
      if (!isFlat) blendRows(x + whole, y + whole, t, scratch + VALUES, line - whole);
      const values = isFlat ? x : scratch + VALUES;
      writeRow(job, scratch, values, width - <i32>(whole >> 2), row + (whole >> 2) * across);
    }
    fillEnds(job, scratch, row);
  }
}

/** The voxels of a row that are outside, of which there are some at either end. */
function fillEnds(job: usize, scratch: usize, out: usize): void {
  const first = insideFrom(scratch, 0);
  const end = insideTo(scratch, 0);
  if (first > 0) writeRow(job, scratch, scratch + FILLED, first, out);
  if (end < width) writeRow(job, scratch, scratch + FILLED, width - end, out + <usize>end * across);
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
