import assert from 'node:assert/strict';
import { type Block, voxelCount } from '@voxhost/sdk';
import fc from 'fast-check';
import { planBoxes, planGroups, pointBounds } from '#cuda/parts/plan-parts.js';

const size = fc.tuple(
  fc.integer({ min: 1, max: 17 }),
  fc.integer({ min: 1, max: 13 }),
  fc.integer({ min: 1, max: 9 }),
);

function* voxelsOf({ start, size }: Block, [nx, ny]: readonly number[]): Generator<number> {
  for (let z = start[2]; z < start[2] + size[2]; z++)
    for (let y = start[1]; y < start[1] + size[1]; y++)
      for (let x = start[0]; x < start[0] + size[0]; x++) yield (z * ny + y) * nx + x;
}

describe('the parts of an output on a CUDA device', () => {
  it('are boxes that have every voxel once, and fit where more than one voxel is left', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 400 }), (whole, most) => {
        const seen = new Uint8Array(voxelCount(whole));
        const boxes = planBoxes(whole, ({ size }) => voxelCount(size) <= most);
        for (const block of boxes ?? []) {
          assert.ok(voxelCount(block.size) <= most);
          for (const at of voxelsOf(block, whole)) seen[at]++;
        }
        assert.ok(seen.every((times) => times === 1));
      }),
    );
  });

  it('are none where a single voxel or point does not fit', () => {
    assert.equal(
      planBoxes([4, 3, 2], ({ start, size }) => start[0] + size[0] < 4),
      undefined,
    );
    const few = Float64Array.of(1, 2, 3, 4);
    assert.equal(
      planGroups(few, 2, (group) => !group.includes(1)),
      undefined,
    );
  });

  it('are as long as they are wide, so that what they look at is near', () => {
    const boxes = planBoxes([64, 64, 64], ({ size }) => voxelCount(size) <= 4096);
    assert.deepEqual(new Set(boxes?.map(({ size }) => `${size}`)), new Set(['16,16,16']));
  });

  it('are groups that have every point once, and those together that lie together', () => {
    const coordinate = fc.oneof(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0),
    );
    const list = fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 60 });
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 20 }), (points, most) => {
        const all = Float64Array.from(points.flat());
        const groups = planGroups(all, 3, (group) => group.length <= most);
        assert.deepEqual(
          groups?.flatMap((group) => [...group]).sort((a, b) => a - b),
          points.map((_, n) => n),
        );
        for (const group of groups ?? []) assert.ok(group.length <= most);
      }),
    );
    const line = Float64Array.from({ length: 3 * 64 }, (_, i) => ((i % 3) * 0 + i * 37) % 64);
    for (const group of planGroups(line, 3, ({ length }) => length <= 8) ?? []) {
      const [x, y, z] = pointBounds(line, 3, group);
      const [widest] = [x, y, z].map(({ low, high }) => high - low).sort((a, b) => b - a);
      assert.ok(widest < 63, `${widest}`);
    }
  });
});
