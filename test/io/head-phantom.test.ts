import assert from 'node:assert/strict';
import { createGrid } from '@voxhost/sdk';
import { headPhantom } from 'voxhost/io';

/** Value at a physical point that is a voxel of a grid of 1 mm around it. */
function valueAt(point: readonly number[]): number {
  return headPhantom(createGrid({ size: [1, 1, 1], origin: point })).data[0];
}

describe('the head phantom', () => {
  it('is int16, oblique, with air in its corner and brain in its middle', () => {
    const { pixelType, grid, data } = headPhantom();
    assert.equal(pixelType, 'int16');
    assert.ok(grid.direction.every((v) => v !== 0 && Math.abs(v) < 1));
    assert.equal(data[0], -1000);
    assert.deepEqual(new Set(data), new Set([-1000, 40, 1000, 32, 8, 72]));
  });

  it('has its solids where they are said to be', () => {
    assert.equal(valueAt([0, 0, 0]), 32);
    assert.equal(valueAt([0, 86, 0]), 1000);
    assert.equal(valueAt([0, 93, 0]), 40);
    assert.equal(valueAt([0, 96, 0]), -1000);
    assert.equal(valueAt([11, -4, 8]), 8);
    assert.equal(valueAt([34, 22, 14]), 72);
    assert.equal(valueAt([-34, 22, 14]), 32);
  });

  it('on a 2-D grid is its slice z = 0', () => {
    const flat = headPhantom(createGrid({ size: [20, 20], spacing: [10, 10], origin: [-95, -95] }));
    assert.equal(flat.data.length, 400);
    assert.equal(flat.data[10 + 20 * 10], 32);
  });
});
