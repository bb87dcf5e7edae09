import { VIEW } from './scratch';
import { closeTight } from './tight-view';

// Through which samples are read: memory in which index (i, j, k) lies at origin + (i + j·row + k·plane) samples,
// for every sample whose first tap is from low to high on each axis. The source itself, or a staged copy of a part of it, extended
// beyond the source as the boundary says. Its pixel type is that of arithmetic, or the source's where
// kernels read it as it is. `origin` may lie outside of memory: addresses wrap at 2^32.

const ORIGIN: usize = VIEW;
const ROW: usize = VIEW + 4;
const PLANE: usize = VIEW + 8;
const TYPE: usize = VIEW + 12;
const LOW: usize = VIEW + 16;
const HIGH: usize = VIEW + 32;
const IS_CLAMPED: usize = VIEW + 48;

/** A view of nothing: every sample is collected tap by tap. */
export function closeView(scratch: usize): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    store<i32>(scratch + LOW + (axis << 2), 0);
    store<i32>(scratch + HIGH + (axis << 2), -1);
  }
}

@inline
export function isViewClosed(scratch: usize): bool {
  return load<i32>(scratch + LOW) > load<i32>(scratch + HIGH);
}

export function openView(scratch: usize, type: i32, origin: usize, row: i32, plane: i32): void {
  closeTight(scratch);
  store<i32>(scratch + IS_CLAMPED, 0);
  store<i32>(scratch + TYPE, type);
  store<usize>(scratch + ORIGIN, origin);
  store<i32>(scratch + ROW, row);
  store<i32>(scratch + PLANE, plane);
}

export function limitView(scratch: usize, axis: usize, low: i32, high: i32): void {
  store<i32>(scratch + LOW + (axis << 2), low);
  store<i32>(scratch + HIGH + (axis << 2), high);
}

/** Says that cells may lie beyond the view, or the tight one: those are taken for its last, see clamped-row.ts. */
export function clampView(scratch: usize): void {
  store<i32>(scratch + IS_CLAMPED, 1);
}

@inline
export function isClamped(scratch: usize): bool { return load<i32>(scratch + IS_CLAMPED) != 0; }
@inline
export function viewOrigin(scratch: usize): usize { return load<usize>(scratch + ORIGIN); }
@inline
export function viewType(scratch: usize): i32 { return load<i32>(scratch + TYPE); }
@inline
export function viewRow(scratch: usize): i32 { return load<i32>(scratch + ROW); }
@inline
export function viewPlane(scratch: usize): i32 { return load<i32>(scratch + PLANE); }
@inline
export function viewLow(scratch: usize, axis: usize): i32 { return load<i32>(scratch + LOW + (axis << 2)); }
@inline
export function viewHigh(scratch: usize, axis: usize): i32 { return load<i32>(scratch + HIGH + (axis << 2)); }
