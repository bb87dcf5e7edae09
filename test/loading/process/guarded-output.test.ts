import assert from 'node:assert/strict';
import fc from 'fast-check';
import { guardedOutput, poison, unwritten } from '#host/loading/process/guarded-output.js';

/** From one window of the pattern to the next, at most. */
const STRETCH_BYTES = 257 * 16;
const WINDOW_BYTES = 16;

describe('the look for what a backend left unwritten', () => {
  it('finds any gap that is as long as the way from a window to the next, wherever the array begins', () => {
    const lengths = fc.oneof(
      fc.integer({ min: WINDOW_BYTES, max: 9000 }),
      fc.integer({ min: 2 ** 20 - 9, max: 2 ** 20 + 9000 }),
    );
    fc.assert(
      fc.property(
        lengths,
        fc.nat(7),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (length, offset, where) => {
          const bytes = new Uint8Array(new ArrayBuffer(offset + length), offset);
          poison(bytes);
          const gap = Math.min(length, STRETCH_BYTES + WINDOW_BYTES);
          const start = Math.floor(where * (length - gap));
          bytes.fill(7, 0, start);
          bytes.fill(7, start + gap);
          const found = /from byte (\d+) of (\d+)$/.exec(unwritten(bytes) ?? '');
          assert.ok(found, `${length} bytes, ${gap} of them unwritten from ${start} on`);
          assert.ok(Number(found[1]) >= start && Number(found[1]) < start + gap);
          assert.equal(Number(found[2]), length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds nothing in what was written, and the last window of a buffer', () => {
    const pixels = new Float32Array(2 ** 19 + 3);
    poison(pixels);
    pixels.fill(0, 0, pixels.length - 4);
    assert.match(unwritten(pixels) ?? '', /from byte 2097148 of 2097164$/);
    pixels.fill(0);
    assert.equal(unwritten(pixels), undefined);
  });
});

describe('a guarded output', () => {
  for (const [what, at] of [
    ['before', -1],
    ['after', 5],
  ] as const) {
    it(`shows a byte that was written ${what} it`, () => {
      const { into, problem } = guardedOutput('uint8', 5);
      into.fill(1);
      assert.equal(problem(), undefined);
      const beside = new Uint8Array(into.buffer, into.byteOffset + at, 1);
      beside[0] = (beside[0] ?? 0) + 1;
      assert.equal(problem(), 'wrote outside its buffer');
    });
  }
});
