import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSlip } from '#sdk/arguments/slip.js';

const word = fc.stringMatching(/^[a-z]{3,12}$/);

describe('a slip of the pen', () => {
  it('is one letter added, left out, changed or swapped, or another case', () => {
    for (const slip of [
      'spaceing',
      'spcing',
      'spacimg',
      'spaicng',
      'spacings',
      'Spacing',
      'pacing',
    ])
      assert.ok(isSlip(slip, 'spacing'), slip);
  });

  it('is no other word', () => {
    for (const other of ['kind', 'name', 'spaceings', 'gnicaps', 'sp', ''])
      assert.ok(!isSlip(other, 'spacing'), other);
    assert.ok(!isSlip('id', 'is'), 'too short to tell');
  });

  it('goes both ways, and any one letter left out is one', () => {
    fc.assert(
      fc.property(word, word, fc.nat(), (a, b, at) => {
        assert.equal(isSlip(a, b), isSlip(b, a));
        const without = a.slice(0, at % a.length) + a.slice((at % a.length) + 1);
        assert.equal(isSlip(without, a), without.length >= 3);
      }),
    );
  });
});
