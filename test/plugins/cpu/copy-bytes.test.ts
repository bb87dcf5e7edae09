import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copyBytes } from '#cpu/copy-bytes.js';

/** More than are copied at a time, past the first byte of each of them. */
const MOST = 2 ** 15 + 100;
const ROOM = MOST + 16;

const anyLead = fc.nat({ max: 15 });
const anyLength = fc.oneof(
  fc.nat({ max: 64 }),
  fc.integer({ min: 1000, max: 1050 }),
  fc.nat({ max: MOST }),
);

const bytesOf = (buffer: ArrayBuffer | SharedArrayBuffer): Uint8Array => new Uint8Array(buffer);

describe('bytes that are copied between ordinary and shared memory', () => {
  for (const way of ['in', 'out'] as const) {
    it(`are those of the source, and no others, wherever both begin, on the way ${way}`, () => {
      fc.assert(
        fc.property(anyLead, anyLead, anyLength, (fromLead, toLead, length) => {
          const buffers = [new ArrayBuffer(ROOM), new SharedArrayBuffer(ROOM)].map(bytesOf);
          const [source, target] = way === 'in' ? buffers : buffers.toReversed();
          for (let i = 0; i < ROOM; i++) source[i] = 1 + (i % 251);
          const part = source.subarray(fromLead, fromLead + length);
          copyBytes(target.subarray(toLead, toLead + length), part);
          assert.deepEqual(target.slice(toLead, toLead + length), part.slice());
          assert.ok(target.subarray(0, toLead).every((byte) => byte === 0));
          assert.ok(target.subarray(toLead + length).every((byte) => byte === 0));
        }),
      );
    });
  }
});
