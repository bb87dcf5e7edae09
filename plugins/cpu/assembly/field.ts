import {
  JOB_DIMS, OUTSIDE_BUFFER, OUTSIDE_ZERO, STEP_LATTICE_SIZE, STEP_LOOKUP, STEP_MATRIX, STEP_ORDER, STEP_OUTSIDE,
} from '../src/job-layout';
import { CELLS, DISTANCE, followCells, makeCells, MOST_VOXELS, movedAt, NO_CELL, PLACE, POINT_CELLS } from './cells';
import { denseRow, isDense } from './dense-row';
import { forgetSlots, MOST_COLUMNS, placeOnLattice, POINT_REDUCED, REDUCED, reducePoint, reduceRow } from './lattice-row';
import { LINE, POSITION, POSITION_AXIS } from './scratch';

/** Lattice cells per voxel up to which a chunk's part of a lattice row fits a table. */
const MOST_CELLS: f64 = 64;

// The row that was opened last: its first voxel, and where that stands on the lattice.
let rowStart: f64 = 0;
let alongX: f64 = 0;
let alongY: f64 = 0;
let alongZ: f64 = 0;
let isDenseRow: bool = false;

// What the places of the voxels were computed for: slope, offset, first voxel and number; and their first column and its successors.
let placedSlope: f64 = NaN;
let placedOffset: f64 = 0;
let placedStart: f64 = 0;
let placedCount: i32 = 0;
let isPlacedOnLattice: bool = false;
let from: i32 = 0;
let columns: i32 = 0;

/** Does a row of output voxels stay in a row of the lattice, so that the taps along y and z are the same for all? */
export function isAlongLattice(step: usize): bool {
  return load<f64>(step + 32, STEP_LOOKUP) == 0 && load<f64>(step + 64, STEP_LOOKUP) == 0
    && Math.abs(load<f64>(step, STEP_LOOKUP)) <= MOST_CELLS;
}

/** Lets go of what was kept from row to row: for when the map may be another. */
export function forgetField(): void {
  placedSlope = NaN;
  forgetSlots();
}

/**
 * Prepares for positions matrix · x + vectors · u(lookup · x) along a row of n voxels whose first has output index x, y, z.
 * Along a row of the lattice the taps of y and z are summed once, those of z once for many rows, which leaves a cubic in each cell.
 * False where the row does not stay in one of the lattice, or is too long.
 */
export function openField(job: usize, step: usize, scratch: usize, x: f64, y: f64, z: f64, n: i32): bool {
  const slope = load<f64>(step, STEP_LOOKUP);
  if (!isAlongLattice(step) || n > MOST_VOXELS || Math.abs(slope) * <f64>n > <f64>(MOST_COLUMNS - 8)) return false;
  for (let axis: usize = 0; axis < 3; axis++) {
    store<f64>(scratch + axis * 16, base(step + STEP_MATRIX + axis * 32, y, z), LINE);
  }
  const dims = load<i32>(job, JOB_DIMS);
  const offset = base(step + STEP_LOOKUP, y, z);
  rowStart = x;
  alongX = slope * x + offset;
  alongY = base(step + STEP_LOOKUP + 32, y, z);
  alongZ = base(step + STEP_LOOKUP + 64, y, z);
  isDenseRow = dims == 3 && isDense(step, alongX, alongY, alongZ, n);
  if (isDenseRow) return true;
  const isOnLattice = placeOnLattice(step, scratch, alongY, alongZ, dims);
  if (slope != placedSlope || offset != placedOffset || x != placedStart || n != placedCount || isOnLattice != isPlacedOnLattice) {
    placedSlope = slope;
    placedOffset = offset;
    placedStart = x;
    placedCount = n;
    isPlacedOnLattice = isOnLattice;
    placeVoxels(step, scratch, slope, offset, x, n, isOnLattice);
  }
  if (isOnLattice) reduceRow(step, scratch, alongZ, from, columns, dims);
  makeCells(step, scratch + REDUCED, scratch + CELLS, isOnLattice ? columns - load<i32>(step, STEP_ORDER) : 0);
  return true;
}

/** Positions of n voxels of the row that was opened, the first with output index x. */
export function fieldPositions(step: usize, scratch: usize, x: f64, n: i32): void {
  if (isDenseRow) return denseRow(step, scratch, x, n, alongX + (x - rowStart), alongY, alongZ);
  followCells(step, scratch, x, <usize>(x - rowStart), n);
}

/** Replaces n positions in the same way, each with taps of its own: the same sums in the same order, so the same bits. */
export function fieldStep(job: usize, step: usize, scratch: usize, n: i32): void {
  const dims = load<i32>(job, JOB_DIMS);
  const size = load<i32>(step, STEP_LATTICE_SIZE);
  for (let i: usize = 0; i < <usize>n; i++) {
    const p = scratch + POSITION + (i << 3);
    const x = load<f64>(p);
    const y = load<f64>(p, POSITION_AXIS);
    const z = load<f64>(p, 2 * POSITION_AXIS);
    const at = line(step + STEP_LOOKUP, x, y, z);
    const t = at - cellOf(at, size);
    let isOnLattice = isOnRow(step, at, t, size);
    if (isOnLattice) {
      isOnLattice = placeOnLattice(
        step, scratch, line(step + STEP_LOOKUP + 32, x, y, z), line(step + STEP_LOOKUP + 64, x, y, z), dims);
    }
    if (isOnLattice) {
      reducePoint(step, scratch, firstTapOf(step, at, size), dims);
      makeCells(step, scratch + POINT_REDUCED, scratch + POINT_CELLS, 1);
    }
    for (let axis: usize = 0; axis < 3; axis++) {
      const straight = line(step + STEP_MATRIX + axis * 32, x, y, z);
      store<f64>(p + axis * POSITION_AXIS, isOnLattice ? straight + movedAt(step, scratch, axis, t) : straight);
    }
  }
}

/** Where each voxel of a row stands among the columns that the row looks at, and which these are. */
function placeVoxels(step: usize, scratch: usize, slope: f64, offset: f64, x: f64, n: i32, isOnLattice: bool): void {
  const size = load<i32>(step, STEP_LATTICE_SIZE);
  const a = firstTapOf(step, slope * x + offset, size);
  const b = firstTapOf(step, slope * (x + <f64>(n - 1)) + offset, size);
  from = min(a, b);
  columns = max(a, b) + load<i32>(step, STEP_ORDER) + 1 - from;
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = slope * (x + <f64>i) + offset;
    const t = at - cellOf(at, size);
    const isOn = isOnLattice && isOnRow(step, at, t, size);
    store<f64>(scratch + (i << 3), isOn ? t : 0, DISTANCE);
    store<u32>(scratch + (i << 2), isOn ? <u32>(firstTapOf(step, at, size) - from) << 3 : NO_CELL, PLACE);
  }
  // Positions are computed in pairs.
  store<u32>(scratch + (<usize>n << 2), NO_CELL, PLACE);
  store<f64>(scratch + (<usize>n << 3), 0, DISTANCE);
}

/** (m1 · y + m2 · z) + m3 of a row of a matrix. */
@inline
function base(m: usize, y: f64, z: f64): f64 {
  return load<f64>(m, 8) * y + load<f64>(m, 16) * z + load<f64>(m, 24);
}

@inline
function line(m: usize, x: f64, y: f64, z: f64): f64 {
  return load<f64>(m) * x + base(m, y, z);
}

/** The cell of a lattice position; the last is closed. */
@inline
function cellOf(at: f64, n: i32): f64 {
  return at == <f64>(n - 1) && n > 1 ? <f64>(n - 2) : Math.floor(at);
}

/** First tap along x, so far off the lattice at most that all taps are its edge. */
@inline
function firstTapOf(step: usize, at: f64, n: i32): i32 {
  const taps = load<i32>(step, STEP_ORDER) + 1;
  const first = cellOf(at, n) - <f64>(taps / 2 - 1);
  return first >= <f64>-taps ? (first < <f64>n ? <i32>first : n - 1) : -taps;
}

/** Is the lattice worth anything at `at` along x? */
@inline
function isOnRow(step: usize, at: f64, t: f64, n: i32): bool {
  const outside = load<i32>(step, STEP_OUTSIDE);
  if (outside == OUTSIDE_BUFFER) return at >= -0.5 && at < <f64>n - 0.5;
  if (outside != OUTSIDE_ZERO) return true;
  const cell = cellOf(at, n);
  // The last tap of a cell weighs nothing at its start, the first nothing at its end.
  if (load<i32>(step, STEP_ORDER) == 1) return (cell >= 0 || t == 1) && (cell < <f64>(n - 1) || t == 0) && cell >= -1 && cell < <f64>n;
  return (cell >= 1 || (cell == 0 && t == 1)) && (cell <= <f64>(n - 3) || (cell == <f64>(n - 2) && t == 0));
}
