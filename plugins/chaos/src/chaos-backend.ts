import type {
  Backend,
  CapabilityBlock,
  Context,
  Measured,
  Operation,
  Prepared,
  Resampled,
  Runs,
} from '@voxhost/sdk';
import type { FaultPlan, Misdeed } from './fault.js';
import { lieAboutMap, lieAboutMetric, lieAboutPixels } from './lie.js';
import { misbehave } from './misbehave.js';

/** What goes wrong, and who is told before it does. */
export interface Chaos {
  readonly plan: FaultPlan;
  readonly log: Context['log'];
}

/** The reference, wronged as planned. */
export function chaosBackend(
  inner: Backend,
  identity: { readonly name: string; readonly capabilities: readonly CapabilityBlock[] },
  { plan, log }: Chaos,
): Backend {
  return {
    ...identity,
    supports: (operation) => inner.supports(operation),
    prepare: async <O extends Operation>(operation: O, signal?: AbortSignal) => {
      await misbehave(plan.next('prepare'), log);
      return wronged(operation, await inner.prepare(operation, signal), { plan, log });
    },
    [Symbol.asyncDispose]: async () => {
      await misbehave(plan.next('dispose'), log);
      await inner[Symbol.asyncDispose]();
    },
  };
}

function wronged<O extends Operation>(
  operation: O,
  prepared: Prepared<O['kind']>,
  { plan, log }: Chaos,
): Prepared<O['kind']> {
  return {
    run: async (map, run) => {
      const misdeed = plan.next('run');
      await misbehave(misdeed, log);
      if (misdeed === 'unwritten' && 'into' in run && run.into !== undefined)
        return { data: run.into } as Runs[O['kind']][1];
      const lied = lieAboutMap(misdeed, map);
      const result = await prepared.run(lied, run as Runs[O['kind']][0]);
      return lie(operation, misdeed, result) as Runs[O['kind']][1];
    },
    [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
  };
}

const lie = (
  { kind }: Operation,
  misdeed: Misdeed | undefined,
  result: Resampled | Measured,
): Resampled | Measured =>
  kind === 'resample'
    ? lieAboutPixels(misdeed, result as Resampled)
    : lieAboutMetric(misdeed, result as Measured);
