import assert from 'node:assert/strict';
import { compiledPtx } from '../../support/fake-driver.js';
import { skipBecause } from '../../support/skip-because.js';

/** `mul` and `add` without a rounding modifier may be fused by a driver's compiler (PTX ISA, add, mul, sub). */
const OPEN = /^\s*(?:@!?%p\d+\s+)?(?:add|sub|mul)\.(?:ftz\.)?f(?:32|64)\s.*$/gm;
/** Within 1 ulp or more, by device (PTX ISA, Floating Point Instructions). */
const APPROXIMATE = /^.*\.(?:approx|full)\..*$/gm;

describe('the PTX of the CUDA kernels', () => {
  it('leaves no choice of bits to the compiler of a driver', function () {
    const ptx = compiledPtx();
    if (ptx === undefined) skipBecause(this, 'nvcc is not here');
    assert.deepEqual([...(ptx.match(OPEN) ?? []), ...(ptx.match(APPROXIMATE) ?? [])], []);
    assert.match(ptx, /^\s*mul\.rn\.f64\s/m);
  });
});
