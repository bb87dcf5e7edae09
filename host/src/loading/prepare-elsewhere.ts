import type { Operation, Prepared } from '@voxhost/sdk';
import type { InjectionToken } from '../injection.js';

/**
 * Prepares what a plugin asks for through its context, on the best backend but itself.
 *
 * @param asker - id of the plugin
 */
export type PrepareElsewhere = <O extends Operation>(
  asker: string,
  operation: O,
  signal?: AbortSignal,
) => Promise<Prepared<O['kind']>>;

export const PrepareElsewhereToken: InjectionToken<PrepareElsewhere> = Symbol('PrepareElsewhere');
