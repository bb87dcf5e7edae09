import type { Held } from './held.js';

/** Memory that nobody needs any more, and that is not to be written again soon. */
export interface Retired extends Disposable {
  /** Releases it when more than the limit has been retired after it, or with all the rest. */
  retire(held: Held, bytes: number): void;
}

/**
 * Keeps up to `most` bytes. A core that writes where another has just read waits for each line of the other's cache: twice
 * the time of a scaling, were the output of one block written where that of the block before was copied from.
 */
export function createRetired(most: number): Retired {
  const queue: { readonly held: Held; readonly bytes: number }[] = [];
  let total = 0;

  function releaseTo(limit: number): void {
    while (total > limit) {
      const [oldest] = queue.splice(0, 1);
      total -= oldest.bytes;
      oldest.held[Symbol.dispose]();
    }
  }

  return {
    retire(held, bytes) {
      queue.push({ held, bytes });
      total += bytes;
      releaseTo(most);
    },
    [Symbol.dispose]: () => releaseTo(0),
  };
}
