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

/** Time limits of the steps of an operation by the plugin's own prediction, in milliseconds. */
export interface StepLimits {
  readonly prepare: number;
  readonly run: number;
}

export function stepLimits(
  { callFloorMs, callFactor }: CallLimits,
  capabilities: readonly CapabilityBlock[],
  operation: Operation,
): StepLimits {
  const match = matchCapabilities(capabilities, operation);
  if (!match.ok) return { prepare: callFloorMs, run: callFloorMs };
  const work = workloadOf(operation);
  const told = { isActive: true, basis: 'manifest' } as const;
  const { prepareMs, runMs, copyMs } = predict(match.block.cost, work, told);
  const limitOf = (predictedMs: number) => Math.max(callFloorMs, callFactor * predictedMs);
  return {
    prepare: limitOf(prepareMs + copyMs),
    run: limitOf((runMs + copyMs) / Math.max(1, work.runs)),
  };
}
