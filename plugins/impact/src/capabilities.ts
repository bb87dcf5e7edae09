import type { MetricCapability } from '@voxhost/sdk';

export const NAME = 'impact';

/** What the manifest claims, in the same words. Costs are those of Jacobian mode with MIND on two cores. */
export const CAPABILITIES: readonly MetricCapability[] = [
  {
    op: 'metric',
    name: 'impact',
    dims: [2, 3],
    pixelTypes: '*',
    maps: '*',
    samples: '*',
    derivative: true,
    cost: { startMs: 300, prepareNsPerVoxel: 200, runMs: 5, nsPerSample: 400000, copyGBs: 5 },
    numerics: { class: 'tolerance', maxRel: 1e-4, deterministic: true, reference: 'reference@1' },
  },
];
