import assert from 'node:assert/strict';
import { availableMemoryReader } from '#host/routing/read-available-memory.js';

describe('the memory that is left', () => {
  it('is read again when the last reading is old', () => {
    let clock = 0;
    let left = 1000;
    const available = availableMemoryReader(
      () => left,
      () => clock,
    );
    assert.equal(available(), 1000);
    left = 500;
    clock = 99;
    assert.equal(available(), 1000);
    clock = 101;
    assert.equal(available(), 500);
  });

  it('is that of this process unless told otherwise', () => {
    assert.ok(availableMemoryReader()() > 0);
  });
});
