import { type IndexBox, modulo } from './bricks/index-box.js';
import type { Heap } from './heap.js';
import type { Held } from './held.js';

/** Writes tables from sample index to place in a box, -1 for what is not in it; their addresses, x first. */
export function writeTables(
  heap: Heap,
  size: readonly number[],
  box: IndexBox,
  held: Held,
): readonly number[] {
  return size.map((n, axis) => {
    const address = held.allocate(4 * n);
    const table = new Int32Array(heap.memory.buffer, address, n);
    const { first, count } = box[axis];
    for (let i = 0; i < n; i++) {
      const place = modulo(i - first, n);
      table[i] = place < count ? place : -1;
    }
    return address;
  });
}
