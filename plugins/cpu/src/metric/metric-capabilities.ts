import { type Cost, fitsFloat32, type MetricCapability, PIXEL_TYPES } from '@voxhost/sdk';

/** Measured on one thread of a 2.6 GHz EPYC under an affine map, value and derivative; priors until calibrated. */
const COST: Cost = { startMs: 20, prepareNsPerVoxel: 4, runMs: 0.2, nsPerSample: 8, copyGBs: 0 };

/** Compared in float64. Where either image is of another type the second block speaks, which is float32's. */
const WIDE = PIXEL_TYPES.filter((pixelType) => !fitsFloat32(pixelType));

/**
 * Of float32, u = 2^-24: a moving value loses 21u of the largest (see the resampler), its square or product as much
 * twice, the sum of 16 products in a row 16u: 58u, 3.5e-6; sums of those are float64.
 */
const NARROW_RELATIVE = 1e-5;

/** How much longer float64 takes. */
const WIDE_COST = 2.4;

/** Positions are rounded to 2^-33 where samples are not in a volume of float64, and sums add up millions of terms. */
const WIDE_RELATIVE = 1e-8;

interface Metric {
  readonly name: string;
  /** In float32. */
  readonly nsPerSample: number;
  readonly derivative?: boolean;
}

const block = (
  { name, nsPerSample, derivative = true }: Metric,
  over: Partial<MetricCapability> & { readonly maxRel: number },
): MetricCapability => {
  const { maxRel, ...rest } = over;
  return {
    op: 'metric',
    name,
    dims: [2, 3],
    pixelTypes: '*',
    maps: '*',
    samples: '*',
    derivative,
    cost: { ...COST, nsPerSample },
    numerics: { class: 'tolerance', maxRel, deterministic: true, reference: 'reference@1' },
    ...rest,
  };
};

const blocks = (
  metric: Metric,
  axes: Partial<Pick<MetricCapability, 'maps' | 'samples'>> = {},
): readonly MetricCapability[] => [
  block(
    { ...metric, nsPerSample: Math.round(WIDE_COST * metric.nsPerSample) },
    { ...axes, pixelTypes: WIDE, maxRel: WIDE_RELATIVE },
  ),
  block(metric, { ...axes, maxRel: NARROW_RELATIVE }),
];

/** A points map cannot say where the neighbourhoods of given points lie. */
const LOCAL: Metric = { name: 'local-normalized-correlation', nsPerSample: 38 };

export const METRIC_CAPABILITIES: readonly MetricCapability[] = [
  ...blocks({ name: 'mean-squares', nsPerSample: 7.5 }),
  ...blocks({ name: 'normalized-correlation', nsPerSample: 8.7 }),
  ...blocks({ name: 'mattes-mutual-information', nsPerSample: 17 }),
  ...blocks(LOCAL, { maps: ['affine', 'field-1', 'field-3', 'sequence'] }),
  ...blocks(LOCAL, { maps: ['points'], samples: ['grid'] }),
  ...blocks({ name: 'dice', nsPerSample: 8.7 }),
  block({ name: 'label-overlap', nsPerSample: 43, derivative: false }, { maxRel: WIDE_RELATIVE }),
];
