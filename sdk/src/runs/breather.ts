import type { RunOptions } from '../run.js';

/** Milliseconds that a loop may hold the event loop, about one frame of a screen. */
const HOLD_MS = 16;

/**
 * What a long loop calls now and then: lets timers and signals through, throws the signal's reason once it is
 * aborted, and reports progress.
 */
export type Breathe = (fraction: number) => Promise<void>;

/** A breather of one run; `progress` hears the fractions, from 0 to 1, that the loop tells. */
export function createBreather({ signal, progress }: RunOptions): Breathe {
  let since = performance.now();
  return async (fraction) => {
    signal?.throwIfAborted();
    if (performance.now() - since < HOLD_MS) return;
    progress?.(fraction);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
    since = performance.now();
    signal?.throwIfAborted();
  };
}
