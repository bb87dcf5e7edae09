import type { CapabilityBlock, Cost, Numerics } from '../capabilities.js';

/** Measured on one core of a 2020s server: linear, affine. Only a prior, as every cost. */
const COST: Cost = {
  startMs: 0,
  prepareNsPerVoxel: 100,
  runMs: 0.05,
  nsPerSample: 400,
  copyGBs: 10,
};

const NUMERICS: Numerics = {
  class: 'exact',
  deterministic: true,
  reference: 'float64, this is the reference',
};

/** Everything that the contract has. */
export const CAPABILITIES: readonly CapabilityBlock[] = [
  {
    op: 'resample',
    dims: [2, 3],
    pixelTypes: '*',
    output: '*',
    interpolators: '*',
    boundaries: '*',
    maps: '*',
    samples: '*',
    gradient: true,
    cost: COST,
    numerics: NUMERICS,
  },
];
