import type { Pixels } from '@voxhost/sdk';
import type { IndexRange } from './bricks/index-box.js';
import { copyInParts } from './copy.js';
import type { Heap } from './heap.js';

/** Planes of pixels in the workers' memory, whose slices are brought there when they are first looked at. */
export interface SliceCopy {
  readonly address: number;
  /** Of every plane, unless they are there. Rejects with the signal's reason; what was brought until then stays. */
  bring(window: IndexRange, signal: AbortSignal | undefined): Promise<void>;
}

/** Takes memory for all of it; the caller releases `address`. Slices of a plane that were brought lie in a row. */
export function createSliceCopy(
  heap: Heap,
  pixels: Pixels,
  planes: number,
  slices: number,
): SliceCopy {
  const address = heap.allocate(pixels.byteLength);
  const slice = pixels.length / planes / slices;
  let from = 0;
  let to = 0;

  async function copy(first: number, end: number, signal: AbortSignal | undefined): Promise<void> {
    for (let plane = 0; plane < planes; plane++) {
      const at = (plane * slices + first) * slice;
      const part = pixels.subarray(at, at + (end - first) * slice);
      await copyInParts(heap, address + at * pixels.BYTES_PER_ELEMENT, part, signal);
    }
  }

  return {
    address,
    async bring({ first, count }, signal) {
      const end = first + count;
      if (from === to) from = to = first;
      if (first < from) await copy(first, from, signal);
      from = Math.min(from, first);
      if (end > to) await copy(to, end, signal);
      to = Math.max(to, end);
    },
  };
}
