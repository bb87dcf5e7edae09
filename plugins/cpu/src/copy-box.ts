import { setImmediate } from 'node:timers/promises';
import type { Pixels } from '@voxhost/sdk';
import type { IndexBox } from './bricks/index-box.js';
import { piecesOf } from './bricks/pieces.js';
import { copyBytes } from './copy-bytes.js';
import type { Heap } from './heap.js';

/** Planes of pixels, one per channel or component, x fastest. */
export interface Planes {
  readonly data: Pixels;
  readonly size: readonly number[];
  readonly channels: number;
}

/** A box of every channel, at an address of the heap one channel after the other. */
export interface BoxCopy {
  readonly address: number;
  readonly box: IndexBox;
}

/** Copied at once: some milliseconds, in which nothing else of this process gets its turn. */
const PART_BYTES = 2 ** 25;

/**
 * Copies a box to the heap, in parts between which others get their turn. Where a range goes round the end of its axis, so
 * does the copy. Rejects with the signal's reason.
 */
export function copyBoxIn(
  heap: Heap,
  planes: Planes,
  copy: BoxCopy,
  signal: AbortSignal | undefined,
): Promise<void> {
  return copyBox(heap, planes, copy, {
    signal,
    move: (copied, part) => copyBytes(copied, part),
  });
}

/** Copies a box from the heap to where it belongs, in the same way. */
export function copyBoxOut(
  heap: Heap,
  planes: Planes,
  copy: BoxCopy,
  signal: AbortSignal | undefined,
): Promise<void> {
  return copyBox(heap, planes, copy, {
    signal,
    move: (copied, part) => copyBytes(part, copied),
  });
}

interface Copying {
  readonly signal: AbortSignal | undefined;
  /** Between bytes of the copy and as many of the planes. */
  readonly move: (copied: Uint8Array, part: Uint8Array) => void;
}

async function copyBox(
  heap: Heap,
  { data, size, channels }: Planes,
  { address, box }: BoxCopy,
  { signal, move }: Copying,
): Promise<void> {
  const bytes = data.BYTES_PER_ELEMENT;
  const most = PART_BYTES / bytes;
  let copied = 0;
  for (const { at, place, count } of piecesOf(size, channels, box)) {
    for (let part = 0; part < count; part += most) {
      const n = Math.min(most, count - part);
      if (copied > 0 && copied + n > most) {
        await setImmediate();
        signal?.throwIfAborted();
        copied = 0;
      }
      const outer = new Uint8Array(data.buffer, data.byteOffset + (at + part) * bytes, n * bytes);
      move(heap.bytes(address + (place + part) * bytes, n * bytes), outer);
      copied += n;
    }
  }
}
