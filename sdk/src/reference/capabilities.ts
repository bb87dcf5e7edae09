import type {
  CapabilityBlock,
  Cost,
  MetricCapability,
  Numerics,
  ResampleCapability,
} from '../capabilities.js';

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

const RESAMPLE: ResampleCapability = {
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
};

const metric = (name: string, over: Partial<MetricCapability> = {}): MetricCapability => ({
  op: 'metric',
  name,
  dims: [2, 3],
  pixelTypes: '*',
  maps: '*',
  samples: '*',
  derivative: true,
  cost: { ...COST, nsPerSample: 3_000 },
  numerics: NUMERICS,
  ...over,
});

/** Everything that the contract has. A points map cannot say where the neighbourhoods of given points lie. */
export const CAPABILITIES: readonly CapabilityBlock[] = [
  RESAMPLE,
  metric('mean-squares'),
  metric('normalized-correlation'),
  metric('mattes-mutual-information'),
  metric('local-normalized-correlation', {
    maps: ['affine', 'field-1', 'field-3', 'sequence'],
    cost: { ...COST, nsPerSample: 15_000 },
  }),
  metric('local-normalized-correlation', {
    maps: ['points'],
    samples: ['grid'],
    cost: { ...COST, nsPerSample: 15_000 },
  }),
  metric('dice'),
  metric('label-overlap', { derivative: false }),
];
