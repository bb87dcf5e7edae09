import assert from 'node:assert/strict';
import { createGrid, createImage, indexToPhysical, isVoxhostError } from '@voxhost/sdk';
import fc from 'fast-check';
import type { Router } from 'voxhost';
import { axcodesOf, outputGrid, resampleImage } from 'voxhost/lazy';
import { oblique } from '../support/oblique.js';

const nobody: Router = {
  prepare: () => Promise.reject(new Error('nothing may be prepared')),
  explain: () => Promise.reject(new Error('nothing may be prepared')),
};

/** Float64 chains of a few products over coordinates of 1000 mm. */
const ROUNDING = 1e-9;

const grid = createGrid({
  size: [10, 20, 30],
  spacing: [1, 2, 0.5],
  origin: [10, -20, 5],
  direction: oblique(0.3, -0.2),
});

const physical = (matrix: Float64Array, index: readonly number[]): number[] =>
  [0, 1, 2].map((r) => index.reduce((sum, x, c) => sum + matrix[r * 4 + c] * x, matrix[r * 4 + 3]));

const centre = (size: readonly number[]): number[] => size.map((n) => (n - 1) / 2);

const near = (found: readonly number[], wanted: readonly number[]): void => {
  for (const [i, v] of found.entries()) {
    assert.ok(Math.abs(v - wanted[i]) < ROUNDING, `${found} | ${wanted}`);
  }
};

describe('the output grid', () => {
  it('keeps the centre and the outer edges for a size', () => {
    const out = outputGrid(grid, { size: [5, 40, 7] });
    near(out.spacing, [2, 1, 15 / 7]);
    near(
      physical(indexToPhysical(out), centre(out.size)),
      physical(indexToPhysical(grid), centre(grid.size)),
    );
    near(
      physical(indexToPhysical(out), [-0.5, -0.5, -0.5]),
      physical(indexToPhysical(grid), [-0.5, -0.5, -0.5]),
    );
  });

  it('takes the closest whole number of voxels for a spacing, about the same centre', () => {
    const out = outputGrid(grid, { spacing: [3, 3, 3] });
    assert.deepEqual(out.size, [3, 13, 5]);
    near(
      physical(indexToPhysical(out), centre(out.size)),
      physical(indexToPhysical(grid), centre(grid.size)),
    );
  });

  it('a spacing that is larger than the volume leaves one voxel', () => {
    assert.deepEqual(outputGrid(grid, { spacing: [1000, 2, 0.5] }).size, [1, 20, 30]);
  });

  it('turning keeps every voxel where it is', () => {
    const letters = fc.constantFrom('RAS', 'LPS', 'PIR', 'SAL', 'ASR', 'IPL');
    fc.assert(
      fc.property(
        letters,
        fc.double({ min: -0.7, max: 0.7, noNaN: true }),
        (orientation, angle) => {
          const from = createGrid({ ...grid, direction: oblique(angle, -angle / 2) });
          const out = outputGrid(from, { orientation });
          assert.equal(axcodesOf(out), orientation);
          assert.equal(
            out.size.reduce((a, b) => a * b),
            6000,
          );
          near(
            physical(indexToPhysical(out), centre(out.size)),
            physical(indexToPhysical(from), centre(from.size)),
          );
        },
      ),
    );
  });

  it('RAS of an LPS grid reverses x and y', () => {
    const out = outputGrid(createGrid({ size: [3, 4, 5] }), { orientation: 'RAS' });
    assert.deepEqual(out.origin, [2, 3, 0]);
    assert.deepEqual(out.direction, [-1, 0, 0, 0, -1, 0, 0, 0, 1]);
  });

  for (const [title, request] of [
    ['negative spacing', { spacing: [1, -1, 1] }],
    ['NaN spacing', { spacing: [1, Number.NaN, 1] }],
    ['a size of the wrong length', { size: [4, 4] }],
    ['half a voxel', { size: [4, 4, 4.5] }],
    ['letters that repeat an axis', { orientation: 'RLS' }],
    ['letters that are none', { orientation: 'XYZ' }],
    ['like with a size', { like: grid, size: [1, 1, 1] }],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => outputGrid(grid, request),
        (error) => isVoxhostError(error, 'BAD_ARGUMENT'),
      );
    });
  }

  it('refuses 10 TB before anything is allocated or prepared', async () => {
    const image = createImage(createGrid({ size: [2, 2, 2] }), new Float32Array(8));
    for (const size of [
      [20000, 20000, 20000],
      [1e6, 1e6, 1e6],
    ]) {
      await assert.rejects(
        resampleImage(nobody, image, { size }),
        (error) => isVoxhostError(error, 'BAD_ARGUMENT') && error.message.includes('GB'),
      );
    }
  });
});
