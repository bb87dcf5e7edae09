import { voxelCount } from '../grid.js';
import { foldIndex } from './fold.js';
import type { SampleLattice } from './lattice.js';
import { createTaps, type Taps } from './taps.js';

/** The taps of all axes for one position. A picture has a third axis of one tap. */
export interface Reach {
  readonly axes: readonly [Taps, Taps, Taps];
  /** Where each tap lies in a plane of the lattice, or NaN for the fill value. */
  readonly offsets: readonly [Float64Array, Float64Array, Float64Array];
  readonly voxels: number;
}

export function createReach({ kernel, size }: SampleLattice): Reach {
  const support = (axis: number): number => (axis < size.length ? kernel.support : 1);
  const axes = [createTaps(support(0)), createTaps(support(1)), createTaps(support(2))] as const;
  const [x, y, z] = axes.map(({ index }) => new Float64Array(index.length));
  if (size.length === 2) axes[2].weight[0] = 1;
  return { axes, offsets: [x, y, z], voxels: voxelCount(size) };
}

/** False where there is nothing but the boundary's value. */
export function moveReach(reach: Reach, lattice: SampleLattice, position: Float64Array): boolean {
  const { kernel, place, extension, size, imageSize, margin } = lattice;
  let stride = 1;
  for (let a = 0; a < size.length; a++) {
    const x = place(position[a], imageSize[a]);
    if (!Number.isFinite(x)) return false;
    const taps = reach.axes[a];
    const offsets = reach.offsets[a];
    kernel.fill(x + margin, size[a], taps);
    for (let k = 0; k < offsets.length; k++) {
      const index = foldIndex(taps.index[k], size[a], extension);
      offsets[k] = index < 0 ? Number.NaN : index * stride;
    }
    stride *= size[a];
  }
  return true;
}
