import { type CapabilityBlock, matchCapabilities, type Operation } from '@voxhost/sdk';
import { predict } from '../cost/predict.js';
import { workloadOf } from '../cost/workload.js';

/** How long a prepare or run may take. */
export interface CallLimits {
  /** No prepare and no run is given less, in milliseconds. */
  readonly callFloorMs: number;
  /** A prepare or run may take so many times what was predicted. */
  readonly callFactor: number;
}

/** Time limit of one step by the plugin's own prediction, in milliseconds. */
export function callLimitMs(
  { callFloorMs, callFactor }: CallLimits,
  capabilities: readonly CapabilityBlock[],
  operation: Operation,
  step: 'prepare' | 'run',
): number {
  const match = matchCapabilities(capabilities, operation);
  if (!match.ok) return callFloorMs;
  const work = workloadOf(operation);
  const told = { isActive: true, basis: 'manifest' } as const;
  const { prepareMs, runMs, copyMs } = predict(match.block.cost, work, told);
  const predictedMs =
    step === 'prepare' ? prepareMs + copyMs : (runMs + copyMs) / Math.max(1, work.runs);
  return Math.max(callFloorMs, callFactor * predictedMs);
}
