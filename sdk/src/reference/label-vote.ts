import type { SampleLattice } from './lattice.js';
import type { Reach } from './reach.js';

/** The value whose linear weights sum to most; of equals the smallest. */
export function mostVoted(lattice: SampleLattice, reach: Reach, channel: number): number {
  const votes = new Map<number, number>();
  forEachTap(reach, (offset, weight) => {
    const label = Number.isNaN(offset)
      ? lattice.fill
      : lattice.data[channel * reach.voxels + offset];
    votes.set(label, (votes.get(label) ?? 0) + weight);
  });
  let winner = Number.NaN;
  let most = 0;
  for (const [label, weight] of votes) {
    if (weight < most || (weight === most && !(label < winner))) continue;
    winner = label;
    most = weight;
  }
  return winner;
}

function forEachTap(
  { axes: [ax, ay, az], offsets: [x, y, z] }: Reach,
  visit: (offset: number, weight: number) => void,
): void {
  for (let k = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      for (let i = 0; i < x.length; i++) {
        const weight = ax.weight[i] * ay.weight[j] * az.weight[k];
        if (weight > 0) visit(x[i] + y[j] + z[k], weight);
      }
    }
  }
}
