import { isOutOfMemory } from '../driver-error.js';
import type { Engine } from '../engine.js';

/** How many bytes of the device runs may have at a time: what the last one had, or all, if it failed. */
export interface Allowance {
  /** Tries with what is allowed, then with half of it, until it works or nothing is left. Throws the driver's error. */
  within<T>(execute: (most: number) => Promise<T>): Promise<T>;
}

/** Below this nothing is tried any more for want of memory. */
const LEAST_BYTES = 2 ** 14;

/** @param isResident - is there room for all that stays? Else runs begin with what is free. */
export function createAllowance({ driver }: Engine, isResident: boolean): Allowance {
  let known: number | undefined;
  return {
    async within(execute) {
      let most = known ?? (isResident ? Number.POSITIVE_INFINITY : driver.memory().free);
      known = undefined;
      for (;;) {
        try {
          const done = await execute(most);
          known = most;
          return done;
        } catch (error) {
          if (!isOutOfMemory(error) || most <= LEAST_BYTES) throw error;
          most = Math.min(most, Math.max(driver.memory().free, LEAST_BYTES)) / 2;
        }
      }
    },
  };
}
