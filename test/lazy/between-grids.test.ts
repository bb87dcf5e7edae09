import assert from 'node:assert/strict';
import {
  affineMap,
  type ContinuousMap,
  createGrid,
  createImage,
  type Grid,
  indexToPhysical,
  invertAffine,
  then,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { betweenGrids, outputGrid, planResample, planSampling } from 'voxhost/lazy';
import { oblique } from '../support/oblique.js';

/** Of float64 products through physical points of some 100 mm. */
const ROUNDING = 1e-12;

const grid = createGrid({
  size: [10, 20, 30],
  spacing: [1, 2, 0.7],
  origin: [10, -20, 5],
  direction: oblique(0.3, -0.2),
});

const matrixOf = (map: ContinuousMap): Float64Array => {
  assert.ok(map.kind === 'affine');
  return map.matrix;
};

const generally = (input: Grid, output: Grid): Float64Array =>
  matrixOf(
    then(affineMap(indexToPhysical(output)), invertAffine(affineMap(indexToPhysical(input)))),
  );

const largest = (a: Float64Array, b: Float64Array): number =>
  Math.max(...a.map((v, i) => Math.abs(v - b[i])));

/** Columns of the linear part in which a row is not 0. */
const filled = (matrix: Float64Array): number[][] =>
  [0, 1, 2].map((r) => [0, 1, 2].filter((c) => matrix[4 * r + c] !== 0));

describe('the map between grids', () => {
  it('is exactly diagonal for a change of spacing on an oblique grid, and separable', () => {
    const output = outputGrid(grid, { spacing: [0.8, 1.1, 1.3] });
    const matrix = matrixOf(betweenGrids(grid, output, []));
    assert.deepEqual(filled(matrix), [[0], [1], [2]]);
    assert.deepEqual([matrix[0], matrix[5], matrix[10]], [0.8 / 1, 1.1 / 2, 1.3 / 0.7]);
    assert.ok(largest(matrix, generally(grid, output)) < ROUNDING);

    const source = createImage(grid, new Float32Array(6000));
    assert.equal(planSampling(planResample(source, { like: output })).form, 'separable');
  });

  it('is a signed permutation for a change of orientation as well', () => {
    const output = outputGrid(grid, { orientation: 'SPR', spacing: [0.9, 1.2, 3] });
    const matrix = matrixOf(betweenGrids(grid, output, []));
    assert.deepEqual(filled(matrix), [[2], [1], [0]]);
    assert.ok(matrix.some((v) => v < 0));
    assert.ok(largest(matrix, generally(grid, output)) < ROUNDING);
  });

  it('equals the way through physical space for all grids of one direction', () => {
    const millimetres = fc.double({ min: 0.3, max: 5, noNaN: true });
    const place = fc.double({ min: -100, max: 100, noNaN: true });
    const three = (of: fc.Arbitrary<number>) => fc.array(of, { minLength: 3, maxLength: 3 });
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(three(millimetres), three(place), angle, angle, (spacing, origin, a, b) => {
        const input = createGrid({ ...grid, direction: oblique(a, b) });
        const output = createGrid({ ...input, spacing, origin });
        const matrix = matrixOf(betweenGrids(input, output, []));
        assert.deepEqual(filled(matrix), [[0], [1], [2]]);
        assert.ok(largest(matrix, generally(input, output)) < ROUNDING);
      }),
    );
  });

  it('projects on axes that are not perpendicular, and in two dimensions', () => {
    const input = createGrid({ size: [5, 5], spacing: [2, 3], direction: [1, 0.6, 0, 0.8] });
    const output = createGrid({ ...input, spacing: [1, 1], origin: [1.6, 0.8] });
    const matrix = matrixOf(betweenGrids(input, output, []));
    // 1.6 = 1 + 0.6: a millimetre along each axis.
    assert.ok(largest(matrix, Float64Array.of(1 / 2, 0, 1 / 2, 0, 1 / 3, 1 / 3)) < ROUNDING);
  });

  it('goes through physical space where directions differ or a transform lies between', () => {
    const turned = createGrid({ ...grid, direction: oblique(0.3, -0.1) });
    assert.deepEqual(matrixOf(betweenGrids(grid, turned, [])), generally(grid, turned));
    const shift = affineMap([1, 0, 0, 4, 0, 1, 0, 0, 0, 0, 1, 0]);
    const shifted = createGrid({ ...grid, origin: [14, -20, 5] });
    const found = matrixOf(betweenGrids(grid, grid, [shift]));
    assert.ok(largest(found, generally(grid, shifted)) < ROUNDING);
  });
});
