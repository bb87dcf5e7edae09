import { type CapabilityBlock, definePlugin, type Plugin } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { chaosBackend } from './chaos-backend.js';
import { FaultPlan, parseFaults } from './fault.js';
import { misbehave } from './misbehave.js';

/** Who a chaotic plugin claims to be. */
export interface ChaosIdentity {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly capabilities: readonly CapabilityBlock[];
}

/** A plugin that does as the reference does, but for the faults: see `parseFaults`. */
export function createChaos(identity: ChaosIdentity, faults: string): Plugin {
  const { id, name, version, capabilities } = identity;
  const plan = new FaultPlan(parseFaults(faults));
  return definePlugin({
    id,
    version,
    abi: { min: 1, max: 1 },
    activate: async ({ log }) => {
      await misbehave(plan.next('activate'), log);
      return chaosBackend(createReference(), { name, capabilities }, { plan, log });
    },
  });
}
