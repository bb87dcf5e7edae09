import assert from 'node:assert/strict';
import { isVoxhostError } from '@voxhost/sdk';
import fc from 'fast-check';
import { createRunQueue } from '#sdk/runs/run-queue.js';

describe('a run queue', () => {
  const later = (): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, 1);
    });

  it('starts each run after those before it, and survives the ones that fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('fast', 'slow', 'fails'), { maxLength: 8 }),
        async (kinds) => {
          const queue = createRunQueue('it');
          const events: number[] = [];
          const runs = kinds.map((kind, n) =>
            queue
              .enqueue(async () => {
                events.push(n);
                if (kind === 'slow') await later();
                if (kind === 'fails') throw new Error('no');
                events.push(n);
                return n;
              })
              .catch(() => events.push(n)),
          );
          await Promise.all(runs);
          assert.deepEqual(
            events,
            kinds.flatMap((_, n) => [n, n]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('starts the first run at once, so that closing waits for it', async () => {
    const queue = createRunQueue('it');
    const events: string[] = [];
    const first = queue.enqueue(async () => {
      await later();
      events.push('first');
    });
    const second = queue.enqueue(async () => events.push('second'));
    const closed = queue.close().then(() => events.push('closed'));
    await assert.rejects(
      second,
      (error) => isVoxhostError(error, 'DISPOSED') && error.fields.what === 'it',
    );
    await Promise.all([first, closed]);
    assert.deepEqual(events, ['first', 'closed']);
  });
});
