import {
  type CapabilityBlock,
  type Cost,
  fitsFloat32,
  type Numerics,
  PIXEL_TYPES,
} from '@voxhost/sdk';

export const NAME = 'tensorflow';

/**
 * Of the wasm backend of tfjs, one thread, and of nothing faster, since no other was at hand: priors until
 * calibrated, which leave the cpu plugin first wherever it is.
 */
const COST: Cost = { startMs: 3000, prepareNsPerVoxel: 5, runMs: 10, nsPerSample: 500, copyGBs: 2 };

/** Float32 is the only float of TensorFlow.js. */
const NARROW = PIXEL_TYPES.filter(fitsFloat32);

/**
 * Positions are 5e-7 voxels off at most plus 1e-7 of the displacement, so up to 5e-6 for 50 voxels; linear weights
 * and their sums lose 2e-6. Not deterministic: what a GPU sums in which order is not for this plugin to say.
 */
const NUMERICS: Numerics = {
  class: 'tolerance',
  maxRel: 5e-5,
  deterministic: false,
  reference: 'reference@1',
};

const COMMON = { dims: [2, 3], pixelTypes: NARROW, maps: '*', samples: '*' } as const;

/** What this plugin can do; its manifest says the same, which a test compares. */
export const CAPABILITIES: readonly CapabilityBlock[] = [
  {
    op: 'resample',
    ...COMMON,
    output: NARROW,
    interpolators: ['nearest', 'nearest-even', 'linear'],
    boundaries: '*',
    gradient: true,
    cost: COST,
    numerics: NUMERICS,
  },
  ...['mean-squares', 'normalized-correlation'].map(
    (name): CapabilityBlock => ({
      op: 'metric',
      name,
      ...COMMON,
      derivative: true,
      cost: { ...COST, nsPerSample: 1500 },
      numerics: NUMERICS,
    }),
  ),
];
