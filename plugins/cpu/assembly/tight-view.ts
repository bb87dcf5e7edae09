import { STAGE, TIGHT } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';
import { boxX, boxY, boxZ, sizeX, sizeY, sizeZ } from './stage';

// A second view, beside that of view.ts and closed whenever that is opened: on the tight box of a tile, see tight-box.ts, which
// none but the inner voxels of the tile may be read from. Also the constants that placing needs: what is loaded before a
// loop stays in registers, where the compiler would move what is computed into the loop.

/** Byte address of index (0, 0, 0) less what the words of three magic numbers add to it, see split.ts. */
export const TIGHT_ORIGIN: usize = TIGHT;
/** Bytes between rows and planes. */
export const TIGHT_ROW: usize = TIGHT + 4;
export const TIGHT_PLANE: usize = TIGHT + 8;
export const TIGHT_UNIT: usize = TIGHT + 12;
export const TIGHT_MAGIC: usize = TIGHT + 16;
/** 4, in float64. */
export const TIGHT_FOUR: usize = TIGHT + 24;
const IS_OPEN: usize = TIGHT + 32;
const LOW: usize = TIGHT + 40;
const HIGH: usize = TIGHT + 56;
/** Byte address of index (0, 0, 0). */
export const TIGHT_BASE: usize = TIGHT + 72;

/** Opens it on the measured box of samples of so many bytes, rows and planes so many bytes apart. */
export function openTight(scratch: usize, bytes: i32, row: i32, plane: i32): void {
  const base = <i32>(scratch + STAGE) - boxX * bytes - boxY * row - boxZ * plane;
  store<i32>(scratch + TIGHT_BASE, base);
  store<i32>(scratch + TIGHT_ORIGIN, base - MAGIC_WORD * (bytes + row + plane));
  store<i32>(scratch + TIGHT_ROW, row);
  store<i32>(scratch + TIGHT_PLANE, plane);
  store<f32>(scratch + TIGHT_UNIT, UNIT);
  store<f64>(scratch + TIGHT_MAGIC, MAGIC);
  store<f64>(scratch + TIGHT_FOUR, 4);
  store<i32>(scratch + IS_OPEN, 1);
  limit(scratch, 0, boxX, sizeX - 2);
  limit(scratch, 1, boxY, sizeY - 2);
  limit(scratch, 2, boxZ, sizeZ - 2);
}

export function closeTight(scratch: usize): void {
  store<i32>(scratch + IS_OPEN, 0);
}

/** First taps of linear whose other one is in the box too. */
@inline
function limit(scratch: usize, axis: usize, first: i32, rest: i32): void {
  store<i32>(scratch + LOW + (axis << 2), first);
  store<i32>(scratch + HIGH + (axis << 2), first + rest);
}

@inline
export function isTightOpen(scratch: usize): bool { return load<i32>(scratch + IS_OPEN) != 0; }
@inline
export function tightBase(scratch: usize): usize { return load<usize>(scratch + TIGHT_BASE); }
@inline
export function tightLow(scratch: usize, axis: usize): i32 { return load<i32>(scratch + LOW + (axis << 2)); }
@inline
export function tightHigh(scratch: usize, axis: usize): i32 { return load<i32>(scratch + HIGH + (axis << 2)); }
