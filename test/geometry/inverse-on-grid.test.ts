import assert from 'node:assert/strict';
import { createGrid, createImage, evaluate, indexToPhysical, voxelCount } from '@voxhost/sdk';
import {
  bspline,
  composite,
  displacementField,
  invertOnGrid,
  rigid,
  transformPoint,
  unshearedGrid,
  unshearMap,
} from 'voxhost/geometry';
import { readVolume } from 'voxhost/io';
import { fixture, largestDifference } from '../io/support.js';
import { waves } from './support.js';

/** The tolerance of `invertOnGrid`, in millimetres. */
const CLOSE = 1e-3;

const lattice = createGrid({ size: [8, 8, 8], spacing: [20, 20, 20], origin: [-70, -70, -70] });
const smooth = bspline(
  lattice,
  waves(3 * voxelCount(lattice.size)).map((v) => 4 * v),
);
const grid = createGrid({ size: [5, 6, 4], spacing: [7, 6, 8], origin: [-14, -15, -12] });

describe('an inverse on a grid', () => {
  for (const [name, transform] of Object.entries({
    'a B-spline': smooth,
    'a B-spline after a rotation': composite([smooth, rigid({ rotation: [0.1, 0.2, 0.3] })]),
  })) {
    it(`takes what ${name} moved back, at every voxel`, async () => {
      const { field, unsolved } = await invertOnGrid(transform, grid);
      assert.equal(unsolved, 0);
      const toPoint = { kind: 'affine', matrix: indexToPhysical(grid) } as const;
      for (const index of [
        [0, 0, 0],
        [4, 5, 3],
        [2, 3, 1],
        [1, 0, 3],
      ]) {
        const point = evaluate(toPoint, index);
        const there = transformPoint(transform, transformPoint(field, point));
        assert.ok(largestDifference(there, point) < CLOSE);
      }
    });
  }

  it('counts the voxels that a field takes no point to', async () => {
    const pushed = Float64Array.from({ length: 3 * 120 }, (_, i) => (i < 120 ? 10 : 0));
    const push = displacementField(createImage(grid, pushed, 3));
    const { unsolved } = await invertOnGrid(push, grid);
    assert.ok(unsolved > 0 && unsolved < 120); // the near side is left, nothing comes to it
  });
});

describe('a shear resampled away', () => {
  it('covers the volume, and looks where its voxels truly are', async () => {
    const { image, header } = await readVolume(fixture('nifti', 'sheared.nii'), { shear: 'keep' });
    const output = unshearedGrid(header.affine, image.grid);
    const map = unshearMap(header.affine, output);
    const [nx, ny, nz] = image.grid.size;
    for (const index of [
      [0, 0, 0],
      [nx - 1, 0, 0],
      [nx - 1, ny - 1, nz - 1],
      [0, ny - 1, 0],
    ]) {
      const point = evaluate({ kind: 'affine', matrix: header.affine }, index);
      const back = evaluate({ kind: 'affine', matrix: indexToPhysical(output) }, inOutput(point));
      assert.ok(largestDifference(back, point) < 1e-9);
      const there = evaluate(map, inOutput(point));
      assert.ok(largestDifference(there, index) < 1e-9);
      inOutput(point).forEach((v, a) => {
        assert.ok(
          v > -1e-6 && v < output.size[a] - 1 + 1e-6,
          `corner at ${v} of ${output.size[a]}`,
        );
      });
    }

    function inOutput(point: ArrayLike<number>): number[] {
      const { origin, spacing, direction } = output;
      return origin.map(
        (_, a) =>
          origin.reduce((sum, o, r) => sum + direction[r * 3 + a] * (point[r] - o), 0) / spacing[a],
      );
    }
  });
});
