import assert from 'node:assert/strict';
import { planBlocks } from '@voxhost/sdk';
import fc from 'fast-check';
import { blockVoxels, MOST_BLOCK_BYTES } from '#cpu/block-voxels.js';

const TILE = [128, 20, 20];

describe('the blocks of an output', () => {
  it('are whole layers of tiles', () => {
    const sizes = [
      [128, 128, 128],
      [256, 256, 256],
      [100, 90, 77],
      [2000, 1500, 1],
    ];
    for (const size of sizes) {
      const most = blockVoxels(size, TILE, 4);
      const blocks = planBlocks(size, most);
      const axis = size[2] > 1 ? 2 : 1;
      assert.ok(blocks.length > 1);
      for (const block of blocks.slice(0, -1)) assert.equal(block.size[axis] % TILE[axis], 0);
    }
  });

  it('never exceed what bounds the memory of a run, by more than a voxel', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(
        fc.tuple(side, side, side),
        fc.integer({ min: 1, max: 2 ** 27 }),
        (whole, bytesPerVoxel) => {
          const voxels = blockVoxels(whole, TILE, bytesPerVoxel);
          assert.ok(Number.isInteger(voxels) && voxels >= 1);
          assert.ok(voxels === 1 || voxels * bytesPerVoxel <= MOST_BLOCK_BYTES);
        },
      ),
    );
  });
});
