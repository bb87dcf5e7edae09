import { type Pixels, type PixelType, pixelTypeFacts } from '@voxhost/sdk';
import { pixelsOver } from './encode-object.js';

/** Bytes before and after the buffer that nobody may write. */
const GUARD_BYTES = 4096;
/**
 * A window of the pattern stands at the start of every stretch of so many bytes, and over all of the last one. Odd
 * multiples of a window, so that the windows do not all stand in the same columns of a volume: what a backend forgets is
 * mostly a tile. Longer where there is much to look at: this is done at every run.
 */
const SHORT_STRETCH_BYTES = 65 * 16;
const LONG_STRETCH_BYTES = 257 * 16;
/** From here on stretches are long. */
const MUCH_BYTES = 2 ** 20;
/** As long as it takes that no result has these bytes by chance: one in 2^128. */
const WINDOW_BYTES = 16;
const SLAB_BYTES = 2 ** 30;

/**
 * A buffer for one result that shows what was not written, and what was written beside it.
 *
 * Pseudo-random windows stand in it beforehand; one that still stands afterwards was never written. What lies between
 * two windows is not seen.
 */
export interface GuardedOutput {
  readonly into: Pixels;
  /** What is wrong with what was written, or undefined. */
  problem(): string | undefined;
}

export function guardedOutput(pixelType: PixelType, length: number): GuardedOutput {
  const bytes = length * pixelTypeFacts(pixelType).bytes;
  const padded = Math.ceil(bytes / 8) * 8;
  const memory = new ArrayBuffer(GUARD_BYTES + padded + GUARD_BYTES);
  const into = viewOver(pixelType, memory, length);
  const before = new DataView(memory, 0, GUARD_BYTES);
  const after = new DataView(memory, GUARD_BYTES + bytes, GUARD_BYTES);
  fill(before, 0, GUARD_BYTES);
  fill(after, 0, GUARD_BYTES);
  poison(into);
  const problem = (): string | undefined => {
    if (into.length !== length) return 'took away the memory of its buffer';
    if (!stands(before, 0, GUARD_BYTES) || !stands(after, 0, GUARD_BYTES))
      return 'wrote outside its buffer';
    return unwritten(into);
  };
  return { into, problem };
}

function viewOver(pixelType: PixelType, memory: ArrayBuffer, length: number): Pixels {
  const pixels = pixelsOver(pixelType, memory);
  const start = GUARD_BYTES / pixels.BYTES_PER_ELEMENT;
  return pixels.subarray(start, start + length) as Pixels;
}

/** Puts the pattern where `unwritten` will look for it. */
export function poison(pixels: Pixels): void {
  for (const slab of slabs(pixels)) findWindow(slab, fillWindow);
}

/** The first place that still has the pattern, in words. */
export function unwritten(pixels: Pixels): string | undefined {
  for (const slab of slabs(pixels)) {
    const at = findWindow(slab, windowStands);
    if (at === undefined) continue;
    const place = slab.byteOffset - pixels.byteOffset + at;
    return `did not write its output from byte ${place} of ${pixels.byteLength}`;
  }
  return undefined;
}

/** The array as bytes, in pieces that a view can hold. */
function slabs({ buffer, byteOffset, byteLength }: Pixels): readonly DataView[] {
  const all: DataView[] = [];
  for (let at = 0; at < byteLength; at += SLAB_BYTES)
    all.push(new DataView(buffer, byteOffset + at, Math.min(SLAB_BYTES, byteLength - at)));
  return all;
}

/** Of a window, by its start. */
type IsLookedFor = (slab: DataView, at: number) => boolean;

const fillWindow: IsLookedFor = (slab, at) => {
  fill(slab, at, at + WINDOW_BYTES);
  return false;
};

const windowStands: IsLookedFor = (slab, at) => stands(slab, at, at + WINDOW_BYTES);

/**
 * The start of the first window that is looked for, of those at every stretch and without a gap over the last one. No
 * generator: this is done at every run.
 */
function findWindow(slab: DataView, isLookedFor: IsLookedFor): number | undefined {
  const length = slab.byteLength;
  const stretch = length < MUCH_BYTES ? SHORT_STRETCH_BYTES : LONG_STRETCH_BYTES;
  const tail = Math.max(0, length - stretch);
  const last = length - WINDOW_BYTES;
  for (let at = 0; at + WINDOW_BYTES <= tail; at += stretch) if (isLookedFor(slab, at)) return at;
  for (let at = tail; at <= last; at += WINDOW_BYTES) if (isLookedFor(slab, at)) return at;
  return last > 0 && length % WINDOW_BYTES !== 0 && isLookedFor(slab, last) ? last : undefined;
}

/** Whole words: byte by byte took 1.8 times as long. */
function fill(bytes: DataView, from: number, to: number): void {
  for (let at = from; at < to; at += 4) bytes.setInt32(at, patternAt(at));
}

function stands(bytes: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at += 4) if (bytes.getInt32(at) !== patternAt(at)) return false;
  return true;
}

/** A word that depends on its place: a multiplicative hash (Knuth, TAOCP 6.4), whose high bits are the better ones. */
function patternAt(at: number): number {
  const hash = Math.imul(at + 1, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
