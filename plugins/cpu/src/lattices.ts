import type { Lattice } from '@voxhost/sdk';
import { copyIn } from './copy.js';
import type { Heap } from './heap.js';

/** Copies of lattices in the workers' memory, by the identity of the lattice, which is frozen once it was passed. */
export interface LatticeCopies extends Disposable {
  addressOf(lattice: Lattice): number;
  /** Lets go of old copies; for when no job reads them. */
  trim(): void;
}

/** Copies that are kept; those unused for longest go first, at the end of the run that added to them. */
const KEPT = 4;

export function createLatticeCopies(heap: Heap): LatticeCopies {
  const copies = new Map<Lattice, number>();
  return {
    addressOf(lattice) {
      const known = copies.get(lattice);
      const address = known ?? heap.allocate(lattice.data.byteLength);
      if (known === undefined) copyIn(heap, address, lattice.data);
      copies.delete(lattice);
      copies.set(lattice, address);
      return address;
    },
    trim() {
      for (const [lattice, address] of [...copies].slice(0, -KEPT)) {
        copies.delete(lattice);
        heap.release(address);
      }
    },
    [Symbol.dispose]() {
      for (const address of copies.values()) heap.release(address);
      copies.clear();
    },
  };
}
