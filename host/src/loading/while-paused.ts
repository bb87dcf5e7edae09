import type { Context, Operation } from '@voxhost/sdk';
import type { Watchdog } from './process/watchdog.js';

/** The host's routing for a plugin in this process, whose clock stands still while it waits for it. */
export function whilePaused(watchdog: Watchdog, prepare: Context['prepare']): Context['prepare'] {
  const paused = async <T>(work: () => Promise<T>): Promise<T> => {
    watchdog.pause();
    try {
      return await work();
    } finally {
      watchdog.resume();
    }
  };
  return async <O extends Operation>(operation: O, signal?: AbortSignal) => {
    const prepared = await paused(() => prepare(operation, signal));
    return {
      run: (map, run) => paused(() => prepared.run(map, run)),
      [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
    };
  };
}
