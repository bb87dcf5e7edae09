import {
  type CapabilityBlock,
  type Cost,
  fitsFloat32,
  type Interpolator,
  type Numerics,
  PIXEL_TYPES,
} from '@voxhost/sdk';
import { METRIC_CAPABILITIES } from './metric/metric-capabilities.js';

/** Measured on one thread of a 2.6 GHz EPYC, of linear under an affine map; priors until calibrated. */
const COST: Cost = {
  startMs: 20,
  prepareNsPerVoxel: 0.5,
  runMs: 0.1,
  nsPerSample: 4.4,
  copyGBs: 10,
};
/** Of bspline3, whose prefilter is its preparation. */
const SMOOTH_COST: Cost = { ...COST, prepareNsPerVoxel: 5, nsPerSample: 13 };
/** Of linear in float64. */
const WIDE_COST: Cost = { ...COST, prepareNsPerVoxel: 2, nsPerSample: 9.5 };

/** What kernels in float32 take. */
const NARROW = PIXEL_TYPES.filter(fitsFloat32);
const WIDE = PIXEL_TYPES.filter((pixelType) => !fitsFloat32(pixelType));

const COMPACT: readonly Interpolator[] = ['nearest', 'nearest-even', 'linear', 'label-linear'];
const within = (maxRel: number): Numerics => ({
  class: 'tolerance',
  maxRel,
  deterministic: true,
  reference: 'reference@1',
});

/**
 * Of linear in float32, u = 2^-24: each of three steps a + (b - a) · t loses 2u of the largest value in the
 * difference, 2u in the product, 1u in the sum and 2u by the rounding of t: 21u, 1.3e-6. The position is rounded to
 * 2^-33, 1.2e-10 voxels.
 */
const COMPACT_RELATIVE = 2e-6;

/**
 * Of any kernel: coefficients of order 5 are up to 7.5 times the samples per axis, 421 in a volume, rounded to
 * float32 once per axis, and summed in float32: below 10u · 421 = 2.5e-4, which only noise at the highest
 * frequency of all axes would reach; a tenth of the frequency range loses 1e-6.
 */
const ANY_RELATIVE = 2.5e-4;

/** The same steps with u = 2^-53. */
const IN_FLOAT64 = 2 ** -29;

const COMMON = {
  op: 'resample',
  dims: [2, 3],
  boundaries: '*',
  maps: '*',
  samples: '*',
  gradient: true,
} as const;

const ANY = { ...COMMON, interpolators: '*' } as const;
const WIDE_ANY = {
  ...ANY,
  cost: WIDE_COST,
  numerics: within(ANY_RELATIVE * IN_FLOAT64),
} as const;

/**
 * What this plugin can do; its manifest says the same, which a test compares. The first block that fits an
 * operation is the one that speaks of it.
 */
export const CAPABILITIES: readonly CapabilityBlock[] = [
  {
    ...COMMON,
    interpolators: COMPACT,
    pixelTypes: NARROW,
    output: NARROW,
    cost: COST,
    numerics: within(COMPACT_RELATIVE),
  },
  {
    ...ANY,
    pixelTypes: NARROW,
    output: NARROW,
    cost: SMOOTH_COST,
    numerics: within(ANY_RELATIVE),
  },
  { ...WIDE_ANY, pixelTypes: NARROW, output: WIDE },
  { ...WIDE_ANY, pixelTypes: WIDE, output: '*' },
  ...METRIC_CAPABILITIES,
];
