import type { CapabilityBlock } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createChaos } from './create-chaos.js';

export { createChaos };

/** So dear that it is only used when it is named. */
const COST = { startMs: 1e9, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 0, copyGBs: 10 };

const capabilities: readonly CapabilityBlock[] = createReference().capabilities.map((block) => ({
  ...block,
  cost: COST,
  numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
}));

/** The faults come from the variable VOXHOST_CHAOS, for example `run:3=segv`. */
export default createChaos(
  { id: 'org.voxhost.chaos', name: 'chaos', version: '0.1.0', capabilities },
  process.env['VOXHOST_CHAOS'] ?? '',
);
