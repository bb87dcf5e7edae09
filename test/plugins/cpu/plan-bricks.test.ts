import assert from 'node:assert/strict';
import { type Block, voxelCount } from '@voxhost/sdk';
import fc from 'fast-check';
import { planBricks } from '#cpu/bricks/plan-bricks.js';

interface Weighed {
  readonly block: Block;
  readonly bytes: number;
  readonly work: number;
}

/** A block that looks at a box as wide as its size times some factors and more, and counts bytes alone. */
const weighBy =
  (factors: readonly number[], halo: number) =>
  (block: Block): Weighed => {
    const seen = factors.map((f, axis) => Math.ceil(f * block.size[axis]) + halo);
    const bytes = voxelCount(block.size) + voxelCount(seen);
    return { block, bytes, work: bytes };
  };

const anyBlock = fc.record({
  size: fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 1, max: 12 }))),
  start: fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: -9, max: 9 }))),
});
const anyFactors = fc.tuple(
  ...Array.from({ length: 3 }, () => fc.double({ min: 0.1, max: 3, noNaN: true })),
);

function cover({ size, start }: Block, bricks: readonly Weighed[]): Uint8Array {
  const times = new Uint8Array(voxelCount(size));
  for (const { block } of bricks) {
    for (let i = 0; i < voxelCount(block.size); i++) {
      const [x, y, z] = [
        i % block.size[0],
        Math.floor(i / block.size[0]) % block.size[1],
        Math.floor(i / block.size[0] / block.size[1]),
      ].map((at, axis) => at + block.start[axis] - start[axis]);
      times[x + size[0] * (y + size[1] * z)]++;
    }
  }
  return times;
}

describe('bricks', () => {
  it('have every voxel of their block once', () => {
    fc.assert(
      fc.property(
        anyBlock,
        anyFactors,
        fc.integer({ min: 40, max: 2000 }),
        (block, factors, most) => {
          const bricks = planBricks(block, weighBy(factors, 2), most);
          assert.ok(cover(block, bricks).every((times) => times === 1));
        },
      ),
    );
  });

  it('weigh no more than they may, but for single voxels', () => {
    fc.assert(
      fc.property(
        anyBlock,
        anyFactors,
        fc.integer({ min: 30, max: 2000 }),
        (block, factors, most) => {
          for (const { block: part, bytes } of planBricks(block, weighBy(factors, 0), most)) {
            assert.ok(bytes <= most || voxelCount(part.size) === 1, `${part.size} weighs ${bytes}`);
          }
        },
      ),
    );
  });

  it('are one where all fits', () => {
    const block = { size: [7, 8, 9], start: [1, 2, 3] };
    const bricks = planBricks(block, weighBy([1, 1, 1], 0), 2 * 7 * 8 * 9);
    assert.deepEqual(
      bricks.map((brick) => brick.block),
      [block],
    );
  });

  it('are not made ever smaller where that saves nothing', () => {
    const all = { bytes: 1000, work: 1000 };
    assert.equal(planBricks({ size: [64, 64, 64], start: [0, 0, 0] }, () => all, 10).length, 1);
  });

  it('are slabs of the axis along which nothing is looked at twice', () => {
    const block = { size: [40, 40, 40], start: [0, 0, 0] };
    for (const axis of [0, 1, 2]) {
      // All of the other axes is looked at, whatever the part.
      const weigh = (part: Block): Weighed => {
        const seen = part.size.map((n, i) => (i === axis ? n : 40));
        const bytes = voxelCount(part.size) + voxelCount(seen);
        return { block: part, bytes, work: bytes };
      };
      const bricks = planBricks(block, weigh, 40 ** 3 / 3);
      const sizes = bricks.map((brick) => brick.block.size.filter((_, i) => i !== axis));
      assert.ok(bricks.length > 1 && sizes.flat().every((n) => n === 40), `axis ${axis}`);
    }
  });
});
