import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes } from '#host/discovery/precedence.js';

describe('compareBytes', () => {
  it('is the order of UTF-8 bytes', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\uff5e', '\u{1f600}'),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(compareBytes(a, b), Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1000 },
    );
    assert.equal(compareBytes('\uff5e', '\u{1f600}'), -1); // though its UTF-16 unit is larger
  });
});
