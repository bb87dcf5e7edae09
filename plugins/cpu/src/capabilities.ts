import type { Cost, Numerics, PixelType, ResampleCapability } from '@voxhost/sdk';

/** Measured on one core of a 2.6 GHz EPYC, linear under an affine; a prior until calibrated. */
const COST: Cost = { startMs: 60, prepareNsPerVoxel: 0.5, runMs: 0.2, nsPerSample: 6, copyGBs: 8 };

/** Float32 holds their values exactly. */
const NARROW: readonly PixelType[] = ['uint8', 'int8', 'uint16', 'int16', 'float32'];
const WIDE: readonly PixelType[] = ['uint32', 'int32', 'float64'];

/**
 * Float32 arithmetic. Linear: three weighted sums, each of two products and an addition, with weights right to
 * 2^-24, so at most 12 · 2^-24 of the largest value, 7.2e-7; and 2^-33 for the position.
 */
const IN_FLOAT32: Numerics = {
  class: 'tolerance',
  maxRel: 1e-6,
  deterministic: true,
  reference: 'reference@1',
};

/** The same 12 roundings in float64. */
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
