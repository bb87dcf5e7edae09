import assert from 'node:assert/strict';
import {
  affineMap,
  createGrid,
  createImage,
  fieldMap,
  INTERPOLATORS,
  type Interpolator,
  identityMap,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import { isBoundByCopies, POINTS_TILE, spreadTile, tileSize } from '#cpu/tile-size.js';

const operationOf = (interpolator: Interpolator, gradient: boolean, wide: boolean): Resample => ({
  kind: 'resample',
  source: createImage(createGrid({ size: [2, 2, 2] }), new Float32Array(8)),
  interpolator,
  boundary: { kind: 'nearest' },
  pixelType: wide ? 'float64' : 'float32',
  gradient,
  demand: { maps: ['affine'], samples: 'grid', perRun: 8, runs: 1 },
});

/** A deformation whose lattice is looked up at every voxel. */
const deformation = fieldMap({
  lattice: { size: [4, 4, 4], order: 3, outside: 'edge', data: new Float64Array(192) },
});

/** A quarter about z. */
const turned = affineMap([0, -1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0]);

/** The dearest kernel was measured at 3 microseconds a voxel on a busy machine; 50 ms are promised. */
const MOST_VOXELS_OF_THE_DEAREST = 8000;

describe('the tile after which a worker looks whether it is to stop', () => {
  it('is as large as the cache takes for what is cheap', () => {
    for (const interpolator of ['nearest', 'linear', 'bspline3'] as const) {
      assert.deepEqual(tileSize(operationOf(interpolator, false, false), turned, 1), [128, 20, 20]);
    }
  });

  it('has whole rows where linear rows share what was interpolated', () => {
    const scaled = affineMap([0.8, 0, 0, 3, 0, -2, 0, 1, 0, 0, 1, 0]);
    const isWhole = (interpolator: Interpolator, gradient: boolean, wide: boolean): boolean =>
      tileSize(operationOf(interpolator, gradient, wide), scaled, 1)[0] === 512;
    assert.ok(isWhole('linear', false, false));
    assert.ok(!isWhole('nearest', false, false));
    assert.ok(!isWhole('linear', true, false));
    assert.ok(!isWhole('linear', false, true));
  });

  it('is left to one thread where its voxels cost no more than to bring them', () => {
    const isAlone = (interpolator: Interpolator, ...matrix: number[]): boolean =>
      isBoundByCopies(operationOf(interpolator, false, false), affineMap(matrix));
    assert.ok(isAlone('linear', 0.8, 0, 0, 3, 0, -1, 0, 1, 0, 0, 0.1, 700));
    assert.ok(isAlone('linear', 0.5, 0, 7, 0, 0.5, 7));
    assert.ok(!isAlone('linear', 0.5, 0, 7, 0, 2, 7));
    assert.ok(!isAlone('linear', 0.8, 0.1, 0, 3, 0, 1, 0, 1, 0, 0, 0.1, 7));
    assert.ok(!isAlone('bspline3', 0.5, 0, 7, 0, 0.5, 7));
    assert.ok(!isBoundByCopies(operationOf('linear', false, false), deformation));
  });

  it('is long where it follows the rows of a field', () => {
    const dense = fieldMap({
      lattice: { size: [4, 4, 4], order: 1, outside: 'edge', data: new Float32Array(192) },
    });
    const [alone, shared] = [1, 2].map((threads) =>
      tileSize(operationOf('linear', false, false), dense, threads),
    );
    assert.deepEqual(alone, [256, 64, 16]);
    assert.deepEqual(shared, [256, 16, 16]);
  });

  it('shrinks with the work of a voxel', () => {
    const dearest = tileSize(operationOf('bspline5', true, true), deformation, 1);
    assert.ok(voxelCount(dearest) <= MOST_VOXELS_OF_THE_DEAREST);
    for (const interpolator of INTERPOLATORS) {
      for (const wide of [false, true]) {
        const plain = tileSize(operationOf(interpolator, false, wide), identityMap(3), 1);
        const more = tileSize(operationOf(interpolator, true, wide), deformation, 1);
        assert.ok(more.every((n) => n >= 1));
        assert.ok(voxelCount(more) <= voxelCount(plain));
      }
    }
  });

  it('is not larger for one channel than for many: a worker looks after each', () => {
    const one = operationOf('bspline3', true, false);
    const many = {
      ...one,
      source: createImage(createGrid({ size: [2, 2, 2] }), new Float32Array(96), 12),
    };
    assert.deepEqual(tileSize(many, turned, 1), tileSize(one, turned, 1));
  });

  it('is divided where threads would have too few, but not into rows', () => {
    assert.deepEqual(spreadTile([128, 20, 20], [128, 128, 128], 4), [128, 20, 20]);
    assert.deepEqual(spreadTile([128, 20, 20], [64, 64, 5], 1), [64, 20, 5]);
    const [x, y, z] = spreadTile([128, 20, 20], [64, 64, 5], 2);
    assert.ok(x === 64 && y <= 10 && z === 5 && y * z >= 48, `${[x, y, z]}`);
    assert.deepEqual(spreadTile([128, 20, 20], [3, 2, 1], 64), [3, 2, 1]);
    assert.deepEqual(spreadTile(POINTS_TILE, [2000, 1, 1], 1), [2000, 1, 1]);
    assert.deepEqual(spreadTile(POINTS_TILE, [2000, 1, 1], 2), [250, 1, 1]);
    assert.deepEqual(spreadTile(POINTS_TILE, [100, 1, 1], 2), [100, 1, 1]);
  });
});
