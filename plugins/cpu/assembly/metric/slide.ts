import { STAGE } from '../scratch';

// Sums over boxes by sums along x, y and z, each of which costs three additions whatever the radius: a sequence is cut into
// blocks of the window's length, and a window is the end of one block and the start of the next (M. van Herk, Pattern
// Recognition Letters 13(7), 1992, for minima). Nothing is ever subtracted, so what has left a window leaves no rounding in it.

/** One row of elements before it is summed, and sums from the start of a block. */
let row: usize = 0;
let starts: usize = 0;
/** The row that is at work, one element per voxel of the tile. */
let sums: usize = 0;
/** Ends of blocks of rows, and of slices, and the sums from the start of the block. */
let rowBlock: usize = 0;
let rowStart: usize = 0;
let sliceBlock: usize = 0;
let sliceStart: usize = 0;
let rowBytes: usize = 0;
let sliceBytes: usize = 0;
let element: usize = 0;
let windowX: i32 = 0;
let windowY: i32 = 0;
let windowZ: i32 = 0;

/** Lays out the memory for a tile of so many columns and rows; elements are of so many bytes, a multiple of 16. */
export function openSlide(scratch: usize, bytes: usize, width: i32, height: i32, rx: i32, ry: i32, rz: i32): void {
  element = bytes;
  windowX = 2 * rx + 1;
  windowY = 2 * ry + 1;
  windowZ = 2 * rz + 1;
  rowBytes = <usize>width * bytes;
  sliceBytes = <usize>height * rowBytes;
  row = scratch + STAGE;
  starts = row + <usize>(width + 2 * rx) * bytes;
  sums = starts + <usize>(width + 2 * rx) * bytes;
  rowBlock = sums + rowBytes;
  rowStart = rowBlock + <usize>windowY * rowBytes;
  sliceStart = rowStart + rowBytes;
  sliceBlock = sliceStart + sliceBytes;
  memory.fill(sliceBlock, 0, <usize>windowZ * sliceBytes);
}

/** Begins a slice. */
export function openSlice(): void {
  memory.fill(rowBlock, 0, <usize>windowY * rowBytes);
}

/** Where the elements of the next row go, radius included on either side. */
@inline
export function inputRow(): usize { return row; }
/** Where sums come out, an element per column. */
@inline
export function outputRow(): usize { return sums; }

/** Sums along the row that was put in. */
export function slideAlongRow(): void {
  const end = row + (starts - row);
  const window = <usize>windowX * element;
  for (let block = row; block < end; block += window) {
    const next = min(block + window, end);
    copyElement(starts + (block - row), block);
    for (let at = block + element; at < next; at += element) addElements(starts + (at - row), starts + (at - row) - element, at);
    for (let at = next - element; at > block;) {
      at -= element;
      addElements(at, at, at + element);
    }
  }
  const ahead = starts - row + window - element;
  let place = 0;
  let from = row;
  for (let out = sums; out < sums + rowBytes; out += element) {
    if (place == 0) copyElement(out, from);
    else addElements(out, from, from + ahead);
    from += element;
    if (++place == windowX) place = 0;
  }
}

/** Puts the row of sums in as the number-th of its slice, the first being the one before the tile by the radius. */
export function slideAcrossRows(number: i32): void {
  slide(rowBlock, rowBytes, rowStart, rowBytes, windowY, number);
}

/** The same of row y of the tile, as a part of the number-th slice. */
export function slideAcrossSlices(y: i32, number: i32): void {
  const offset = <usize>y * rowBytes;
  slide(sliceBlock + offset, sliceBytes, sliceStart + offset, rowBytes, windowZ, number);
}

/** Adds `sums` as the number-th to a sequence whose blocks lie `step` bytes apart; `sums` becomes the window that ends in it. */
function slide(block: usize, step: usize, start: usize, bytes: usize, window: i32, number: i32): void {
  const place = number % window;
  const own = block + <usize>place * step;
  const isLast = place == window - 1;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(sums + at);
    const sum = place == 0 ? x : f64x2.add(v128.load(start + at), x);
    v128.store(start + at, sum);
    v128.store(own + at, x);
    if (!isLast) v128.store(sums + at, f64x2.add(sum, v128.load(own + step + at)));
    else v128.store(sums + at, sum);
  }
  if (!isLast) return;
  for (let k = window - 2; k >= 0; k--) {
    const into = block + <usize>k * step;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(into + at, f64x2.add(v128.load(into + at), v128.load(into + step + at)));
    }
  }
}

@inline
function copyElement(into: usize, from: usize): void {
  v128.store(into, v128.load(from));
  v128.store(into, v128.load(from, 16), 16);
  if (element == 48) v128.store(into, v128.load(from, 32), 32);
}

@inline
function addElements(into: usize, a: usize, b: usize): void {
  v128.store(into, f64x2.add(v128.load(a), v128.load(b)));
  v128.store(into, f64x2.add(v128.load(a, 16), v128.load(b, 16)), 16);
  if (element == 48) v128.store(into, f64x2.add(v128.load(a, 32), v128.load(b, 32)), 32);
}
