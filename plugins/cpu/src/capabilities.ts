import type { Cost, Numerics, PixelType, ResampleCapability } from '@voxhost/sdk';

/** Measured on one core of a 2.6 GHz EPYC, linear under an affine; a prior until calibrated. */
const COST: Cost = { startMs: 60, prepareNsPerVoxel: 0.5, runMs: 0.2, nsPerSample: 6, copyGBs: 8 };

/** Float32 holds their values exactly. */
const NARROW: readonly PixelType[] = ['uint8', 'int8', 'uint16', 'int16', 'float32'];
const WIDE: readonly PixelType[] = ['float64', 'int32', 'uint32'];

/**
 * Float32 arithmetic, u = 2^-24. Linear: each of three steps a + (b - a) · t loses 2u of the largest value in the
 * difference, 2u in the product, 1u in the sum and 2u by the rounding of t: 21u, 1.3e-6. The position is rounded to
 * 2^-33, 1.2e-10 voxels.
 */
const IN_FLOAT32: Numerics = {
  class: 'tolerance',
  maxRel: 2e-6,
  deterministic: true,
  reference: 'reference@1',
};

/** The same steps in float64, u = 2^-53. */
const IN_FLOAT64: Numerics = { ...IN_FLOAT32, maxRel: 1e-14 };

const COMMON = {
  op: 'resample',
  dims: [2, 3],
  interpolators: ['nearest', 'nearest-even', 'linear'],
  boundaries: '*',
  maps: ['affine', 'points'],
  samples: '*',
  gradient: true,
  cost: COST,
} as const;

/**
 * What this plugin can do; its manifest says the same, which a test compares. Values are computed in float32
 * where the types on both sides fit in it, else in float64.
 */
export const CAPABILITIES: readonly ResampleCapability[] = [
  { ...COMMON, pixelTypes: NARROW, output: NARROW, numerics: IN_FLOAT32 },
  { ...COMMON, pixelTypes: NARROW, output: WIDE, numerics: IN_FLOAT64 },
  { ...COMMON, pixelTypes: WIDE, output: '*', numerics: IN_FLOAT64 },
];
