import { VoxhostError } from '../errors.js';

/** Answers the runs of one Prepared in call order, one at a time. */
export interface RunQueue {
  /** Starts the run when those before it are answered, at once when there are none. */
  enqueue<T>(run: () => Promise<T>): Promise<T>;
  /** Waits for the run in progress and rejects queued and later ones with `DISPOSED`; again does the same. */
  close(): Promise<void>;
}

/** @param what - what is disposed, for the message: `a resample of backend "x"` */
export function createRunQueue(what: string): RunQueue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;
  const start = async <T>(run: () => Promise<T>): Promise<T> => {
    if (closed) throw new VoxhostError('DISPOSED', { what });
    return await run();
  };
  return {
    enqueue(run) {
      const answer = waiting === 0 ? start(run) : last.then(() => start(run));
      waiting++;
      last = answer.then(settle, settle);
      return answer;
    },
    async close() {
      closed = true;
      await last;
    },
  };

  function settle(): void {
    waiting--;
  }
}
