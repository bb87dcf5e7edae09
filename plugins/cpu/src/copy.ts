import { setImmediate } from 'node:timers/promises';
import type { Pixels } from '@voxhost/sdk';
import { copyBytes } from './copy-bytes.js';
import type { Heap } from './heap.js';

/** Copies pixels to an address of the heap. */
function copyIn(heap: Heap, address: number, pixels: Pixels): void {
  copyBytes(heap.bytes(address, pixels.byteLength), bytesOf(pixels));
}

/** Copied at once: some milliseconds, in which nothing else of this process gets its turn. */
const PART_BYTES = 2 ** 25;

/** The same of any number, in parts between which others get their turn. Rejects with the signal's reason. */
export async function copyInParts(
  heap: Heap,
  address: number,
  pixels: Pixels,
  signal: AbortSignal | undefined,
): Promise<void> {
  const most = PART_BYTES / pixels.BYTES_PER_ELEMENT;
  for (let at = 0; at < pixels.length; at += most) {
    if (at > 0) await setImmediate();
    signal?.throwIfAborted();
    copyIn(heap, address + at * pixels.BYTES_PER_ELEMENT, pixels.subarray(at, at + most));
  }
}

const bytesOf = (pixels: Pixels): Uint8Array =>
  new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);

export const viewOf = (heap: Heap, address: number, length: number): DataView =>
  new DataView(heap.memory.buffer, address, length);
