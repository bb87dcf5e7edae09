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
  const before = new Uint8Array(memory, 0, GUARD_BYTES);
  const after = new Uint8Array(memory, GUARD_BYTES + bytes);
  fill(before, 0, before.length);
  fill(after, 0, after.length);
  poison(into);
  const problem = (): string | undefined => {
    if (into.length !== length) return 'took away the memory of its buffer';
    if (!stands(before, 0, before.length) || !stands(after, 0, after.length))
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
  for (const slab of slabs(pixels)) {
    findWindow(slab.length, (at) => {
      fill(slab, at, at + WINDOW_BYTES);
      return false;
    });
  }
}

/** The first place that still has the pattern, in words. */
export function unwritten(pixels: Pixels): string | undefined {
  for (const slab of slabs(pixels)) {
    const at = findWindow(slab.length, (start) => stands(slab, start, start + WINDOW_BYTES));
    if (at === undefined) continue;
    const place = slab.byteOffset - pixels.byteOffset + at;
    return `did not write its output from byte ${place} of ${pixels.byteLength}`;
  }
  return undefined;
}

/** The array as bytes, in pieces that a view of bytes can hold. */
function* slabs({ buffer, byteOffset, byteLength }: Pixels): Generator<Uint8Array> {
  for (let at = 0; at < byteLength; at += SLAB_BYTES)
    yield new Uint8Array(buffer, byteOffset + at, Math.min(SLAB_BYTES, byteLength - at));
}

/**
 * The start of the first window that is looked for, of those at every stretch and without a gap over the last one. No
 * generator: this is done at every run.
 */
function findWindow(length: number, isLookedFor: (at: number) => boolean): number | undefined {
  const stretch = length < MUCH_BYTES ? SHORT_STRETCH_BYTES : LONG_STRETCH_BYTES;
  const tail = Math.max(0, length - stretch);
  const last = length - WINDOW_BYTES;
  for (let at = 0; at + WINDOW_BYTES <= tail; at += stretch) if (isLookedFor(at)) return at;
  for (let at = tail; at <= last; at += WINDOW_BYTES) if (isLookedFor(at)) return at;
  return last > 0 && length % WINDOW_BYTES !== 0 && isLookedFor(last) ? last : undefined;
}

function fill(bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) bytes[at] = patternAt(at);
}

function stands(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== patternAt(at)) return false;
  return true;
}

/** A byte that depends on its place: the high byte of a multiplicative hash (Knuth, TAOCP 6.4). */
const patternAt = (at: number): number => Math.imul(at + 1, 0x9e3779b1) >>> 24;
