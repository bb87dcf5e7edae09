import assert from 'node:assert/strict';
import { OutputPool } from '#host/loading/process/output-pool.js';

const MIB = 2 ** 20;

describe('the pool of outputs', () => {
  it('gives the same memory again for the same type and length only', () => {
    const pool = new OutputPool();
    const first = pool.take('float32', 100);
    assert.notEqual(pool.take('float32', 100), first);
    pool.giveBack(first);
    assert.notEqual(pool.take('int32', 100), first);
    assert.notEqual(pool.take('float32', 99), first);
    assert.equal(pool.take('float32', 100), first);
    assert.notEqual(pool.take('float32', 100), first);
  });

  it('keeps no more than 32 MiB, and forgets the oldest', () => {
    const pool = new OutputPool();
    const all = [1, 2, 3, 4, 5].map((n) => pool.take('uint8', 8 * MIB + n));
    for (const one of all) pool.giveBack(one);
    const isKept = all.map((one) => pool.take('uint8', one.length) === one);
    assert.deepEqual(isKept, [false, false, true, true, true]);
  });
});
