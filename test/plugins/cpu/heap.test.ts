import assert from 'node:assert/strict';
import { createHeap, type Heap } from '@voxhost/plugin-cpu/internal/heap';
import { isVoxhostError } from '@voxhost/sdk';
import fc from 'fast-check';

const newHeap = (maximum: number): Heap =>
  createHeap(new WebAssembly.Memory({ initial: 2, maximum, shared: true }), 'cpu');

describe('the heap of the cpu plugin', () => {
  it('never hands out memory twice', () => {
    const steps = fc.array(fc.record({ bytes: fc.nat(100_000), drop: fc.nat(5) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (sequence) => {
        const heap = newHeap(200);
        const held: { address: number; bytes: number }[] = [];
        for (const { bytes, drop } of sequence) {
          const address = heap.allocate(bytes);
          for (const other of held) {
            assert.ok(address + bytes <= other.address || other.address + other.bytes <= address);
          }
          held.push({ address, bytes });
          if (drop < held.length) heap.release(held.splice(drop, 1)[0].address);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes up what was released before it grows', () => {
    const heap = newHeap(100);
    const addresses = [0, 1, 2].map(() => heap.allocate(500_000));
    const size = heap.memory.buffer.byteLength;
    for (const address of addresses) heap.release(address);
    heap.allocate(1_500_000);
    assert.equal(heap.memory.buffer.byteLength, size);
  });

  it('says how much it could not get', () => {
    assert.throws(
      () => newHeap(4).allocate(1_000_000),
      (error) => isVoxhostError(error, 'OUT_OF_MEMORY') && error.fields.bytes >= 1_000_000,
    );
  });
});
