import type { Lattice } from '@voxhost/sdk';
import type { Heap } from './heap.js';
import { createSliceCopy, type SliceCopy } from './slice-copy.js';

/** Copies of lattices in the workers' memory, by the identity of the lattice, which is frozen once it was passed. */
export interface LatticeCopies extends Disposable {
  /** Whose slices are those along the lattice's last axis; of a copy that is kept, what was brought is there. */
  copyOf(lattice: Lattice): SliceCopy;
  /** Lets go of old copies; for when no job reads them. */
  trim(): void;
}

/** Copies that are kept; those unused for longest go first, at the end of the run that added to them. */
const KEPT = 4;

export function createLatticeCopies(heap: Heap): LatticeCopies {
  const copies = new Map<Lattice, SliceCopy>();
  return {
    copyOf(lattice) {
      const { size, data } = lattice;
      const slices = size[size.length - 1];
      const copy = copies.get(lattice) ?? createSliceCopy(heap, data, size.length, slices);
      copies.delete(lattice);
      copies.set(lattice, copy);
      return copy;
    },
    trim() {
      for (const [lattice, { address }] of [...copies].slice(0, -KEPT)) {
        copies.delete(lattice);
        heap.release(address);
      }
    },
    [Symbol.dispose]() {
      for (const { address } of copies.values()) heap.release(address);
      copies.clear();
    },
  };
}
