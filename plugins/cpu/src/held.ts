import type { Heap } from './heap.js';

/** Regions of the heap that are released together. */
export interface Held extends Disposable {
  allocate(bytes: number): number;
  /** Takes over a region that was allocated elsewhere. */
  adopt(address: number): void;
}

export function holdOn(heap: Heap): Held {
  const held: number[] = [];
  return {
    allocate(bytes) {
      const address = heap.allocate(bytes);
      held.push(address);
      return address;
    },
    adopt: (address) => {
      held.push(address);
    },
    [Symbol.dispose]() {
      for (const address of held.splice(0)) heap.release(address);
    },
  };
}
