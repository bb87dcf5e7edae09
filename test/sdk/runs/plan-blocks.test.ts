import assert from 'node:assert/strict';
import { blockOffset, planBlocks, voxelCount } from '@voxhost/sdk';
import fc from 'fast-check';

describe('the blocks of an output', () => {
  it('follow each other in memory without gap or overlap, none too large', () => {
    const anyAxis = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(anyAxis, anyAxis, anyAxis, fc.integer({ min: 1, max: 2000 }), (x, y, z, most) => {
        let next = 0;
        for (const block of planBlocks([x, y, z], most)) {
          assert.equal(blockOffset(block, [x, y, z]), next);
          assert.ok(voxelCount(block.size) <= most);
          next += voxelCount(block.size);
        }
        assert.equal(next, x * y * z);
      }),
    );
  });
});
