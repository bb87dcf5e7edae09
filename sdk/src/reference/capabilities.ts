import { BOUNDARY_KINDS } from '../boundary.js';
import type {
  CapabilityBlock,
  Cost,
  MetricCapability,
  Numerics,
  ResampleCapability,
} from '../capabilities.js';
import { MAP_SHAPES } from '../index-map.js';
import { INTERPOLATORS } from '../interpolator.js';
import { PIXEL_TYPES } from '../pixel-type.js';

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
  pixelTypes: PIXEL_TYPES,
  output: ['same', ...PIXEL_TYPES],
  interpolators: INTERPOLATORS,
  boundaries: BOUNDARY_KINDS,
  maps: MAP_SHAPES,
  samples: ['grid', 'points'],
  gradient: true,
  cost: COST,
  numerics: NUMERICS,
};

const metric = (name: string, over: Partial<MetricCapability> = {}): MetricCapability => ({
  op: 'metric',
  name,
  dims: [2, 3],
  pixelTypes: PIXEL_TYPES,
  maps: MAP_SHAPES,
  samples: ['grid', 'points'],
  derivative: true,
  cost: { ...COST, nsPerSample: 3_000 },
  numerics: NUMERICS,
  ...over,
});

/**
 * Everything that the contract has, word by word: a word that this sdk does not know is refused. A points map cannot say
 * where the neighbourhoods of given points lie.
 */
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
