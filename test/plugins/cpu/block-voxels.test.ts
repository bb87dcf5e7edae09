import assert from 'node:assert/strict';
import { planBlocks, voxelCount } from '@voxhost/sdk';
import fc from 'fast-check';
import { blockVoxels, MOST_BLOCK_BYTES, withShortFirst } from '#cpu/block-voxels.js';

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

  it('begin with a short one where threads share them', () => {
    const shortened = (size: readonly number[], tile = TILE) =>
      withShortFirst(planBlocks(size, blockVoxels(size, tile, 4)), tile);
    const [first, second] = shortened([128, 128, 128]);
    assert.deepEqual(first, { size: [128, 128, 20], start: [0, 0, 0] });
    assert.deepEqual(second, { size: [128, 128, 20], start: [0, 0, 20] });
    // One block, one layer of tiles, or one tile: nothing is won.
    assert.equal(shortened([64, 64, 64]).length, 1);
    assert.equal(shortened([512, 512, 100])[0]?.size[2], 20);
    assert.ok((shortened([100, 16, 4000])[0]?.size[2] ?? 0) > 20);
  });

  it('cover the output in order, however the first is cut', () => {
    const side = fc.integer({ min: 1, max: 200 });
    const edge = fc.integer({ min: 1, max: 70 });
    const most = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.tuple(side, side, side),
        fc.tuple(edge, edge, edge),
        most,
        (whole, tile, n) => {
          fc.pre(voxelCount(whole) / n < 2000);
          let next = 0;
          for (const { size, start } of withShortFirst(planBlocks(whole, n), tile)) {
            const [x, y, z] = start;
            assert.equal(x + whole[0] * (y + whole[1] * z), next);
            next += voxelCount(size);
          }
          assert.equal(next, voxelCount(whole));
        },
      ),
    );
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
