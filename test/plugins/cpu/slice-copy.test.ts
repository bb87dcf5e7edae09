import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createHeap } from '#cpu/heap.js';
import { holdOn } from '#cpu/held.js';
import { createRetired } from '#cpu/retired.js';
import { createSliceCopy } from '#cpu/slice-copy.js';

const newHeap = () =>
  createHeap(new WebAssembly.Memory({ initial: 2, maximum: 64, shared: true }), 'cpu');

describe('slices that are brought when they are looked at', () => {
  it('are there for every window that was asked for, in every plane', async () => {
    const anyWindows = fc.array(
      fc.record({ first: fc.nat({ max: 8 }), count: fc.integer({ min: 1, max: 9 }) }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(anyWindows, fc.integer({ min: 1, max: 3 }), async (windows, planes) => {
        const [slice, slices] = [6, 9];
        const heap = newHeap();
        const pixels = Int16Array.from({ length: planes * slices * slice }, (_, i) => i + 1);
        const copy = createSliceCopy(heap, pixels, planes, slices);
        const held = new Int16Array(heap.memory.buffer, copy.address, pixels.length);
        for (const window of windows) {
          const count = Math.min(window.count, slices - window.first);
          await copy.bring({ first: window.first, count }, undefined);
          for (let plane = 0; plane < planes; plane++) {
            const from = (plane * slices + window.first) * slice;
            const to = from + count * slice;
            assert.deepEqual(held.slice(from, to), pixels.slice(from, to));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are not brought before, nor again', async () => {
    const heap = newHeap();
    const pixels = Uint8Array.from({ length: 10 }, (_, i) => i + 1);
    const copy = createSliceCopy(heap, pixels, 1, 10);
    const held = heap.bytes(copy.address, 10).fill(0);
    await copy.bring({ first: 4, count: 2 }, undefined);
    assert.deepEqual([...held], [0, 0, 0, 0, 5, 6, 0, 0, 0, 0]);
    held[4] = 99;
    await copy.bring({ first: 3, count: 4 }, undefined);
    assert.deepEqual([...held], [0, 0, 0, 4, 99, 6, 7, 0, 0, 0]);
  });

  it('leave an aborted run with its reason', async () => {
    const copy = createSliceCopy(newHeap(), new Uint8Array(4), 1, 4);
    const aborted = AbortSignal.abort(new Error('enough'));
    await assert.rejects(copy.bring({ first: 0, count: 1 }, aborted), /enough/);
    await copy.bring({ first: 0, count: 4 }, undefined);
  });
});

describe('memory that is not to be written again soon', () => {
  it('is released when as much has been retired after it, and at the end', () => {
    const heap = newHeap();
    const retired = createRetired(200);
    const addresses = [0, 1, 2].map(() => {
      const held = holdOn(heap);
      const address = held.allocate(100);
      retired.retire(held, 100);
      return address;
    });
    assert.equal(new Set(addresses).size, 3);
    assert.equal(heap.allocate(100), addresses[0]);
    retired[Symbol.dispose]();
    assert.equal(heap.allocate(100), addresses[1]);
  });
});
