import {
  type CapabilityBlock,
  type Cost,
  fitsFloat32,
  type Interpolator,
  type MetricCapability,
  type Numerics,
  PIXEL_TYPES,
} from '@voxhost/sdk';

/**
 * Priors until calibrated: a start that loads the driver and compiles PTX that it has compiled before, transfers over
 * PCIe 4 through page-locked memory, and a kernel at a third of the copy bandwidth of a common card.
 */
const COST: Cost = {
  startMs: 600,
  prepareNsPerVoxel: 0.05,
  runMs: 0.3,
  nsPerSample: 0.05,
  copyGBs: 8,
};
const WIDE_COST: Cost = { ...COST, prepareNsPerVoxel: 0.5, nsPerSample: 1 };

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
 * Of linear in float32, u = 2^-24: each of three steps a + t (b - a) loses 2u by the rounding of the difference, 1u by
 * that of t and 1u in the fused sum, of the largest value: 12u, 7e-7. The position is the reference's to the bit, then
 * rounded to 2^-24, which is 3e-8 voxels, wherever it lies: at index 2048 as at 0.
 */
const COMPACT_RELATIVE = 2e-6;

/**
 * Of any kernel: coefficients of order 5 are up to 7.5 times the samples per axis, 421 in a volume, rounded to
 * float32 once, and summed in float32: below 10u · 421 = 2.5e-4, which only noise at the highest frequency of all axes
 * would reach.
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

const ANY = { ...COMMON, interpolators: '*', cost: WIDE_COST } as const;

/** Sums of float64 products in another order than the reference's: a few bits of the largest sum. */
const METRIC_RELATIVE = 1e-9;

const metric = (name: string, differences: Partial<MetricCapability> = {}): MetricCapability => ({
  op: 'metric',
  name,
  dims: [2, 3],
  pixelTypes: '*',
  maps: '*',
  samples: '*',
  derivative: true,
  cost: { ...WIDE_COST, nsPerSample: 2 },
  numerics: within(METRIC_RELATIVE),
  ...differences,
});

const LOCAL: Partial<MetricCapability> = {
  // With a radius of 2: three looks at 125 samples, on a card with one float64 unit for 32 of float32.
  cost: { ...WIDE_COST, nsPerSample: 12 },
  // The same bits, where the values of a window differ only by the last of a float32: 2^-53 / 2^-24. What windows of
  // volumes say of slopes under an affine is float32, which the derivative's twenty times as much covers.
  numerics: within(1e-8),
};

/** What this plugin can do; its manifest says the same, which a test compares. */
export const CAPABILITIES: readonly CapabilityBlock[] = [
  {
    ...COMMON,
    interpolators: COMPACT,
    pixelTypes: NARROW,
    output: NARROW,
    cost: COST,
    numerics: within(COMPACT_RELATIVE),
  },
  { ...ANY, pixelTypes: NARROW, output: NARROW, numerics: within(ANY_RELATIVE) },
  { ...ANY, pixelTypes: NARROW, output: WIDE, numerics: within(ANY_RELATIVE * IN_FLOAT64) },
  { ...ANY, pixelTypes: WIDE, output: '*', numerics: within(ANY_RELATIVE * IN_FLOAT64) },
  metric('mean-squares'),
  metric('normalized-correlation'),
  metric('mattes-mutual-information'),
  metric('local-normalized-correlation', {
    ...LOCAL,
    maps: ['affine', 'field-1', 'field-3', 'sequence'],
  }),
  metric('local-normalized-correlation', { ...LOCAL, maps: ['points'], samples: ['grid'] }),
];
