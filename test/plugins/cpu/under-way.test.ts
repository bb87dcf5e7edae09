import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { progressOver, underWay } from '#cpu/under-way.js';

/** Takes down when each item begins and ends; an item takes as many turns of the event loop as it says. */
async function record(turns: readonly number[], most: number, failing: number[] = []) {
  const events: string[] = [];
  let open = 0;
  let widest = 0;
  const end = async (count: number, index: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await setImmediate();
    open--;
    events.push(`end ${index}`);
    if (failing.includes(index)) throw new Error(`${index} failed`);
  };
  const done = underWay(turns, most, async (count, index) => {
    events.push(`begin ${index}`);
    widest = Math.max(widest, ++open);
    return { ended: end(count, index) };
  });
  const error = await done.then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  return { events, widest, error, open };
}

describe('what is under way at once', () => {
  it('begins in order and ends before the whole does', async () => {
    for (const most of [1, 2, 3]) {
      const { events, widest, error, open } = await record([5, 1, 3, 0, 2], most);
      const begun = events.filter((event) => event.startsWith('begin'));
      assert.deepEqual(
        begun,
        [0, 1, 2, 3, 4].map((n) => `begin ${n}`),
      );
      assert.deepEqual({ widest, error, open }, { widest: most, error: undefined, open: 0 });
    }
  });

  it('fails as the first in order does, when none is under way any more, and begins no more', async () => {
    const { events, error, open } = await record([4, 1, 9, 1, 1, 1], 3, [0, 1]);
    assert.deepEqual({ error, open }, { error: '0 failed', open: 0 });
    assert.ok(!events.includes('begin 3'));
    assert.equal(events.at(-1), 'end 2');
  });

  it('tells how far all are together, and seldom', async () => {
    const told: number[] = [];
    const partOf = progressOver(4, (fraction) => told.push(fraction));
    const [first, second] = [partOf(0), partOf(1)];
    first(0.5);
    assert.deepEqual(told, []);
    const since = performance.now();
    while (performance.now() - since < 30) await setImmediate();
    second(1);
    first(1);
    assert.deepEqual(told, [0.375]);
  });
});
