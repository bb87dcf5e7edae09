import assert from 'node:assert/strict';
import { compareDotted } from '#host/dotted-number.js';

describe('dotted numbers', () => {
  const ascending = [
    '525.60.13',
    '570.9',
    '570.26',
    '570.26.1',
    '570.124.06',
    '580.65.06',
    '32768.0.15',
  ];
  it('compare as numbers, not as text', () => {
    for (const [i, a] of ascending.entries())
      for (const [j, b] of ascending.entries())
        assert.equal(compareDotted(a, b), Math.sign(i - j), `${a} against ${b}`);
  });

  it('are equal where only zeros differ', () => assert.equal(compareDotted('10.0', '10'), 0));

  it('refuse what is no version', () => {
    for (const text of ['', 'N/A', '1.', '.1', '1..2', '1.a', '-1', ' 1', '1'.repeat(16)])
      assert.equal(compareDotted(text, '1'), undefined, text);
  });
});
