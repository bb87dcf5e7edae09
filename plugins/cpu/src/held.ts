import type { Heap } from './heap.js';

/** Regions of the heap that are released together. */
export interface Held extends Disposable {
  allocate(bytes: number): number;
}

export function holdOn(heap: Heap): Held {
  const held: number[] = [];
  return {
    allocate(bytes) {
      const address = heap.allocate(bytes);
      held.push(address);
      return address;
    },
    [Symbol.dispose]() {
      for (const address of held.splice(0)) heap.release(address);
    },
  };
}
