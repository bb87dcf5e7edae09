import type { Boundary } from '../boundary.js';
import type { Image } from '../image.js';
import type { Interpolator } from '../interpolator.js';
import type { Breathe } from '../runs/breather.js';
import { mostVoted } from './label-vote.js';
import { type SampleLattice, sampleLattice } from './lattice.js';
import { createReach, moveReach, type Reach } from './reach.js';

/** An image that has a value everywhere. */
export interface Sampler {
  readonly channels: number;
  /**
   * Writes the C values at a continuous index and, as far as `into` has room, the C derivatives by x, then by
   * y, then by z. Beyond a boundary that has a value it is that value, and flat; at a position that is not
   * finite it is that value too, or NaN where the boundary has none.
   */
  sample(position: Float64Array, into: Float64Array): void;
}

/** Prefilters for a B-spline, which takes time; reads the image itself for every other interpolator. */
export async function createSampler(
  image: Image,
  interpolator: Interpolator,
  boundary: Boundary,
  breathe: Breathe,
): Promise<Sampler> {
  const { channels } = image;
  const lattice = await sampleLattice(image, interpolator, boundary, breathe);
  const reach = createReach(lattice);
  const vote = interpolator === 'label-linear';
  const [beyond, flat] = 'value' in boundary ? [boundary.value, 0] : [Number.NaN, Number.NaN];
  const measure = (channel: number, axis: number): number => {
    if (!vote) return weigh(lattice, reach, channel, axis);
    return axis < 0 ? mostVoted(lattice, reach, channel) : 0;
  };
  return {
    channels,
    sample(position, into) {
      const inside = moveReach(reach, lattice, position);
      for (let at = 0; at < into.length; at++) {
        const axis = Math.floor(at / channels) - 1;
        if (inside) into[at] = measure(at % channels, axis);
        else into[at] = axis < 0 ? beyond : flat;
      }
    },
  };
}

/**
 * Σ f[x, y, z] · w_x · w_y · w_z, with the slopes in place of the weights on `axis`, if that is one. What weighs
 * nothing is not read, so that an exact hit beside a NaN stays exact.
 */
function weigh(lattice: SampleLattice, reach: Reach, channel: number, axis: number): number {
  const { offsets } = reach;
  const factors = (a: 0 | 1 | 2): Float64Array =>
    a === axis ? reach.axes[a].slope : reach.axes[a].weight;
  const [wx, wy, wz] = [factors(0), factors(1), factors(2)];
  let sum = 0;
  for (let k = 0; k < wz.length; k++) {
    for (let j = 0; j < wy.length; j++) {
      const outer = wz[k] * wy[j];
      if (outer === 0) continue;
      const first = channel * reach.voxels + offsets[1][j] + offsets[2][k];
      sum += outer * weighRow(lattice, first, offsets[0], wx);
    }
  }
  return sum;
}

function weighRow(
  { data, fill }: SampleLattice,
  first: number,
  offsets: Float64Array,
  factors: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < factors.length; i++) {
    if (factors[i] === 0) continue;
    const at = first + offsets[i];
    sum += factors[i] * (Number.isNaN(at) ? fill : data[at]);
  }
  return sum;
}
