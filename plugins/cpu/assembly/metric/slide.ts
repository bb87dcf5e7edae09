import { STAGE } from '../scratch';
import { add } from '../lanes';

// Sums over boxes, by sums along x, then y, then z. Along y and z a sequence is cut into blocks of the window's length, and
// a window is the end of one block and the start of the next: three additions whatever the radius (M. van Herk, Pattern
// Recognition Letters 13(7), 1992, for minima). Along x windows double in length. Nothing is ever subtracted, so what has
// left a window leaves no rounding in it. Limited by loads and stores in the first and second-level cache.

/** A row that is put in, radius included on either side, and the row of sums that comes out: an array for each quantity. */
let row: usize = 0;
let sums: usize = 0;
/** Bytes between the arrays of quantities in those. */
let rowStride: usize = 0;
let sumStride: usize = 0;
let doubled: usize = 0;
let zeros: usize = 0;
/** Ends of blocks of rows, and of slices, and the sums from the start of the block. */
let rowBlock: usize = 0;
let rowStart: usize = 0;
let sliceBlock: usize = 0;
let sliceStart: usize = 0;
let rowBytes: usize = 0;
let sliceBytes: usize = 0;
let columns: i32 = 0;
let arrays: usize = 0;
let windowX: i32 = 0;
let windowY: i32 = 0;
let windowZ: i32 = 0;
/** Place in its block of the row, and of the slice, that is put in. */
let placeY: i32 = 0;
let placeZ: i32 = 0;

/** Bytes of an array of so many T, a multiple of what a loop takes at a time. */
@inline
function arrayBytes<T>(n: i32): usize {
  return (<usize>n * sizeof<T>() + STRETCH - 1) & -STRETCH;
}

/** Four vectors at a time: an address is computed once for all of them. */
const STRETCH: usize = 64;

/** Lays out the memory for a tile of so many columns and rows of T, and so many quantities. */
export function openSlide<T>(
  scratch: usize, quantities: i32, width: i32, height: i32, rx: i32, ry: i32, rz: i32,
): void {
  columns = width;
  arrays = quantities;
  windowX = 2 * rx + 1;
  windowY = 2 * ry + 1;
  windowZ = 2 * rz + 1;
  placeZ = -1;
  rowStride = arrayBytes<T>(width + 2 * rx) + 2 * STRETCH;
  sumStride = arrayBytes<T>(width);
  // Rows a power of two apart would share lines of the cache.
  rowBytes = arrays * sumStride + STRETCH;
  sliceBytes = <usize>height * rowBytes;
  row = scratch + STAGE;
  doubled = row + arrays * rowStride;
  sums = doubled + rowStride;
  zeros = sums + rowBytes;
  rowStart = zeros + rowBytes;
  rowBlock = rowStart + rowBytes;
  sliceStart = rowBlock + <usize>windowY * rowBytes;
  sliceBlock = sliceStart + sliceBytes;
  memory.fill(zeros, 0, rowBytes);
  memory.fill(rowBlock, 0, <usize>windowY * rowBytes);
  memory.fill(sliceBlock, 0, <usize>windowZ * sliceBytes);
}

/**
 * Begins the next slice, the first being the one before the tile by the radius. The ends of the slice before stay: none is
 * read before it is written again, since the first window to be used is a whole block.
 */
export function openSlice(): void {
  placeY = -1;
  if (++placeZ == windowZ) placeZ = 0;
}

/** Where the values of a quantity in the next row go, radius included on either side. */
@inline
export function inputRow(quantity: usize): usize { return row + quantity * rowStride; }
/** Where sums of a quantity come out, one per column. */
@inline
export function outputRow(quantity: usize): usize { return sums + quantity * sumStride; }

/** Puts in the next row of the slice, which is lost, or one that is beyond the grid. */
export function putRow<T>(isBeyond: bool): void {
  if (++placeY == windowY) placeY = 0;
  const own = rowBlock + <usize>placeY * rowBytes;
  if (isBeyond) {
    memory.fill(own, 0, rowBytes);
    return;
  }
  for (let quantity: usize = 0; quantity < arrays; quantity++) {
    sumAlong<T>(inputRow(quantity), own + quantity * sumStride, doubled, <usize>columns * sizeof<T>());
  }
}

/** Windows of 2, 4, ... values, and of the window's length those of its binary digits, the first of which is 1. */
function sumAlong<T>(values: usize, out: usize, pairs: usize, bytes: usize): void {
  let digits = windowX >> 1;
  if (digits == 0) {
    memory.copy(out, values, bytes);
    return;
  }
  // What lies past the row is in no window.
  const all = bytes + <usize>windowX * sizeof<T>();
  addArrays<T>(pairs, values, values + sizeof<T>(), all);
  let offset: usize = sizeof<T>();
  let length: usize = 2 * sizeof<T>();
  let soFar = values;
  for (; digits > 1; digits >>= 1) {
    if (digits & 1) {
      addArrays<T>(out, soFar, pairs + offset, bytes);
      soFar = out;
      offset += length;
    }
    if (digits < 4) {
      // The longest window is summed as it is added.
      addThree<T>(out, soFar, pairs + offset, pairs + offset + length, bytes);
      return;
    }
    addArrays<T>(pairs, pairs, pairs + length, all - length);
    length <<= 1;
  }
  addArrays<T>(out, soFar, pairs + offset, bytes);
}

function addArrays<T>(out: usize, a: usize, b: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += STRETCH) {
    const p = a + at;
    const q = b + at;
    const r = out + at;
    v128.store(r, add<T>(v128.load(p), v128.load(q)));
    v128.store(r, add<T>(v128.load(p, 16), v128.load(q, 16)), 16);
    v128.store(r, add<T>(v128.load(p, 32), v128.load(q, 32)), 32);
    v128.store(r, add<T>(v128.load(p, 48), v128.load(q, 48)), 48);
  }
}

function addThree<T>(out: usize, a: usize, b: usize, c: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += STRETCH) {
    const o = a + at;
    const p = b + at;
    const q = c + at;
    const r = out + at;
    v128.store(r, add<T>(v128.load(o), add<T>(v128.load(p), v128.load(q))));
    v128.store(r, add<T>(v128.load(o, 16), add<T>(v128.load(p, 16), v128.load(q, 16))), 16);
    v128.store(r, add<T>(v128.load(o, 32), add<T>(v128.load(p, 32), v128.load(q, 32))), 32);
    v128.store(r, add<T>(v128.load(o, 48), add<T>(v128.load(p, 48), v128.load(q, 48))), 48);
  }
}

/**
 * Sums along y, for the window that ends in the row that was put in; and with `y`, the row of the tile in its middle, along
 * z too, for the window that ends in this slice.
 */
export function slideRow<T>(y: i32): void {
  const bytes = rowBytes;
  const own = rowBlock + <usize>placeY * bytes;
  const start = rowStart;
  const before = placeY == 0 ? zeros : start;
  const next = placeY == windowY - 1 ? zeros : own + bytes;
  if (y < 0) addArrays<T>(start, before, own, bytes);
  else {
    const offset = <usize>y * bytes;
    const ownZ = sliceBlock + <usize>placeZ * sliceBytes + offset;
    const startZ = sliceStart + offset;
    const beforeZ = placeZ == 0 ? zeros : startZ;
    const nextZ = placeZ == windowZ - 1 ? zeros : ownZ + sliceBytes;
    slideBoth<T>(own, before, start, next, ownZ, beforeZ, startZ, nextZ, sums, bytes);
    if (placeZ == windowZ - 1) sumEnds<T>(sliceBlock + offset, sliceBytes, ownZ, bytes);
  }
  if (placeY == windowY - 1) sumEnds<T>(rowBlock, bytes, own, bytes);
}

function slideBoth<T>(
  own: usize, before: usize, start: usize, next: usize, ownZ: usize, beforeZ: usize, startZ: usize, nextZ: usize,
  out: usize, bytes: usize,
): void {
  for (let at: usize = 0; at < bytes; at += STRETCH) {
    const a = own + at;
    const b = before + at;
    const c = start + at;
    const d = next + at;
    const e = ownZ + at;
    const f = beforeZ + at;
    const g = startZ + at;
    const h = nextZ + at;
    const i = out + at;
    const sum0 = add<T>(v128.load(b), v128.load(a));
    const window0 = add<T>(sum0, v128.load(d));
    const sumZ0 = add<T>(v128.load(f), window0);
    v128.store(c, sum0);
    v128.store(e, window0);
    v128.store(g, sumZ0);
    v128.store(i, add<T>(sumZ0, v128.load(h)));
    const sum16 = add<T>(v128.load(b, 16), v128.load(a, 16));
    const window16 = add<T>(sum16, v128.load(d, 16));
    const sumZ16 = add<T>(v128.load(f, 16), window16);
    v128.store(c, sum16, 16);
    v128.store(e, window16, 16);
    v128.store(g, sumZ16, 16);
    v128.store(i, add<T>(sumZ16, v128.load(h, 16)), 16);
    const sum32 = add<T>(v128.load(b, 32), v128.load(a, 32));
    const window32 = add<T>(sum32, v128.load(d, 32));
    const sumZ32 = add<T>(v128.load(f, 32), window32);
    v128.store(c, sum32, 32);
    v128.store(e, window32, 32);
    v128.store(g, sumZ32, 32);
    v128.store(i, add<T>(sumZ32, v128.load(h, 32)), 32);
    const sum48 = add<T>(v128.load(b, 48), v128.load(a, 48));
    const window48 = add<T>(sum48, v128.load(d, 48));
    const sumZ48 = add<T>(v128.load(f, 48), window48);
    v128.store(c, sum48, 48);
    v128.store(e, window48, 48);
    v128.store(g, sumZ48, 48);
    v128.store(i, add<T>(sumZ48, v128.load(h, 48)), 48);
  }
}

/** Turns a block, from its last element back, into the sums of its ends. */
function sumEnds<T>(block: usize, step: usize, last: usize, bytes: usize): void {
  for (let own = last; own > block; own -= step) addArrays<T>(own - step, own - step, own, bytes);
}
