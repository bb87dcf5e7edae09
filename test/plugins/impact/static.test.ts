import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { affineMap, fieldMap, identityMap, type Json, outputIndices } from '@voxhost/sdk';
import fc from 'fast-check';
import { readImage } from 'voxhost/io';
import { encodePng } from '#impact/picture/png.js';
import { featurePicture } from '#impact/static/feature-picture.js';
import { principalBasis, project, symmetricEigen } from '#impact/static/pca.js';
import { cutAxis, partWeights } from '#impact/static/tiles.js';
import { openImpact } from './open-impact.js';
import {
  imageOf,
  type ModelFolder,
  metricOf,
  modelFolder,
  pointsIn,
  smoothNetwork,
  texture,
} from './scenes.js';

const ROUNDING = 1e-5;

describe('static maps', function () {
  this.timeout(60000);
  let models: ModelFolder;
  let model: string;
  before(async () => {
    models = await modelFolder();
    model = await models.write('smooth', smoothNetwork(3));
  });
  after(() => models[Symbol.asyncDispose]());

  const fixed = imageOf({ size: [20, 17, 18], spacing: [1, 1.2, 1.1] });
  const moving = imageOf({ size: [19, 18, 20] }, (p) => texture(p) * 1.2 + 4 * p[1]);
  const points = pointsIn(fixed, 60, 1);

  async function measure(options: Json) {
    await using impact = openImpact();
    await using metric = await impact.backend.prepare(
      metricOf(fixed, moving, { mode: 'static', ...(options as object) }),
    );
    const measured = await metric.run(identityMap(3), { points, derivative: true });
    return { ...measured, logged: impact.context.logged };
  }

  it('in tiles are those of the whole volume, where the network sees no further than the overlap', async () => {
    const whole = await measure({ model });
    for (const patchSize of [8, 11, [9, 0, 14]]) {
      const tiled = await measure({ model, patchSize });
      assert.ok(
        Math.abs(tiled.value - whole.value) <= ROUNDING * Math.abs(whole.value),
        `${patchSize}`,
      );
      assert.deepEqual(
        tiled.logged.filter(({ level }) => level === 'warn'),
        [],
      );
    }
    const little = await measure({ model, memoryMiB: 0.05 });
    assert.ok(Math.abs(little.value - whole.value) <= ROUNDING * Math.abs(whole.value));
  });

  it('in tiles of a network that sees the whole volume are announced as inexact', async () => {
    const normed = await models.write('normed', {
      shape: [1, 1, 1, 1, 1],
      build: (g) =>
        g.op('InstanceNormalization', ['input', g.floats([1], [1]), g.floats([1], [0])]),
    });
    const { logged } = await measure({ model: normed, patchSize: 8 });
    assert.ok(
      logged.some(({ level, text }) => level === 'warn' && /InstanceNormalization/.test(text)),
    );
  });

  it('at every voxel are those at the points of all voxels, under matrices and fields', async () => {
    const lattice = {
      size: [4, 4, 4],
      order: 3,
      outside: 'edge',
      data: Float64Array.from({ length: 192 }, (_, i) => 0.4 * Math.sin(i)),
    } as const;
    const lookup = [0.15, 0, 0, 0, 0, 0.15, 0, 0, 0, 0, 0.15, 0];
    const affine = affineMap([0.9, 0.05, 0, 1, -0.05, 1.02, 0, -0.5, 0, 0.02, 1, 0.3]);
    const field = fieldMap({ lattice, lookup, matrix: affine.matrix });
    await using impact = openImpact();
    const options = { mode: 'static', model, voxelSize: 1.3 };
    await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
    const all = outputIndices({ size: fixed.grid.size }, 3);
    for (const map of [affine, field]) {
      const whole = await metric.run(map, { derivative: true });
      const listed = await metric.run(map, { derivative: true, points: all });
      const again = await metric.run(map, { derivative: true });
      assert.equal(whole.samples, listed.samples);
      assert.ok(whole.samples < all.length / 3);
      assert.ok(Math.abs(whole.value - listed.value) <= ROUNDING * listed.value);
      const scale = Math.max(...(listed.derivative ?? []).map(Math.abs));
      for (const [p, d] of (listed.derivative ?? []).entries()) {
        assert.ok(Math.abs((whole.derivative?.[p] ?? 0) - d) <= ROUNDING * scale, `${p}`);
      }
      assert.deepEqual([again.value, again.derivative], [whole.value, whole.derivative]);
    }
  });

  it('are given up at once when their making is aborted', async () => {
    const slow = imageOf({ size: [72, 70, 68] });
    await using impact = openImpact();
    const abort = new AbortController();
    const reason = new Error('enough');
    const options = { mode: 'static', model: 'mind-r3d2' };
    const preparing = impact.backend.prepare(metricOf(slow, slow, options), abort.signal);
    setTimeout(() => abort.abort(reason), 300);
    await assert.rejects(preparing, (error) => error === reason);
    await using metric = await impact.backend.prepare(
      metricOf(fixed, fixed, { ...options, model: 'mind-r1d1' }),
    );
    assert.equal((await metric.run(identityMap(3), { points, derivative: false })).value, 0);
  });

  it('of all principal components have the distances of all channels', async () => {
    const centred = await measure({ model, outputs: 0, pca: 3, distance: 'NCC' });
    assert.ok(Number.isFinite(centred.value));
    const kept = await measure({ model, outputs: 0, pca: 1 });
    assert.ok(Number.isFinite(kept.value));
    await assert.rejects(
      measure({ model, outputs: 0, pca: 4 }),
      /keeps 4 components of the 3 channels/,
    );
  });

  it('are written with their geometry, and as pictures', async () => {
    const folder = join(models.path, 'maps', 'deep');
    await measure({ model, voxelSize: 2, featureMaps: folder });
    const files = (await readdir(folder)).sort();
    assert.equal(files.length, 10);
    const map = await readImage(join(folder, 'fixed_layer_0.mha'));
    assert.equal(map.channels, 3);
    assert.deepEqual(map.grid.size, [10, 10, 10]);
    assert.deepEqual(map.grid.origin, fixed.grid.origin);
    assert.deepEqual(map.grid.spacing, [2, 2, 2]);
    const png = await readFile(join(folder, 'moving_layer_1.png'));
    assert.equal(png.readUInt32BE(16) > 256, true);
  });
});

describe('a feature picture', () => {
  it('is three slices in true proportions, the first component red', () => {
    const map = imageOf({ size: [8, 4, 2], spacing: [1, 1, 2] }, (p) => p[0]);
    const { width, height, pixels } = featurePicture(map);
    assert.equal(width, 256 + 4 + 256 + 4 + 128);
    assert.equal(height, 128);
    assert.equal(pixels[0], 0);
    assert.equal(pixels[255 * 3], 255);
  });

  it('is a PNG whose rows are as they were', () => {
    const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
    const bytes = Buffer.from(encodePng({ width: 2, height: 2, pixels }));
    const length = bytes.readUInt32BE(33);
    const rows = inflateSync(bytes.subarray(41, 41 + length));
    assert.deepEqual([...rows], [0, ...pixels.subarray(0, 6), 0, ...pixels.subarray(6)]);
  });
});

describe('tiles', () => {
  const cuts = fc.record({
    length: fc.integer({ min: 1, max: 80 }),
    tile: fc.integer({ min: 1, max: 40 }),
    halo: fc.integer({ min: 0, max: 6 }),
    stride: fc.constantFrom(1, 2, 4),
  });

  it('cover an axis, begin on the stride, and give every feature a weight', () => {
    fc.assert(
      fc.property(cuts, (cut) => {
        const parts = cutAxis(cut);
        const weights = new Float64Array(Math.ceil(cut.length / cut.stride));
        for (const part of parts) {
          assert.equal(part.start % cut.stride, 0);
          assert.ok(part.size > 0 && part.start + part.size <= cut.length);
          const features = Math.ceil(part.size / cut.stride);
          for (const [i, w] of partWeights(part, cut, features).entries()) {
            assert.ok(w >= 0 && w <= 1);
            weights[part.start / cut.stride + i] += w;
          }
        }
        assert.ok(
          weights.every((w) => w > 0),
          `${weights}`,
        );
      }),
    );
  });

  it('trust nothing within the halo of an inner edge', () => {
    const cut = { length: 60, tile: 20, halo: 3, stride: 1 };
    const [first, second] = cutAxis(cut);
    assert.deepEqual(
      [...partWeights(second, cut, second.size).subarray(0, 3)].map((w) => w < 0.02),
      [true, true, true],
    );
    assert.equal(partWeights(first, cut, first.size)[0], 1);
  });
});

describe('principal components', () => {
  it('diagonalise a symmetric matrix', () => {
    const n = 6;
    const matrix = Float64Array.from({ length: n * n }, (_, i) =>
      Math.cos((i % n) * Math.floor(i / n) + 0.3),
    );
    for (let r = 0; r < n; r++) for (let c = 0; c < r; c++) matrix[r * n + c] = matrix[c * n + r];
    const { values, vectors } = symmetricEigen(matrix, n);
    for (let k = 0; k < n; k++) {
      for (let r = 0; r < n; r++) {
        let product = 0;
        for (let c = 0; c < n; c++) product += matrix[r * n + c] * vectors[c * n + k];
        assert.ok(Math.abs(product - values[k] * vectors[r * n + k]) < 1e-12);
      }
    }
  });

  it('come largest first, their largest entry positive, and find the direction of a line', () => {
    const data = Float32Array.from({ length: 30 }, (_, i) =>
      i < 10 ? -2 * i : i < 20 ? i - 10 : 0.01 * Math.sin(i),
    );
    const basis = principalBasis({ channels: 3, size: [10], data }, 2);
    assert.ok(Math.abs(basis.vectors[0] - 2 / Math.sqrt(5)) < 1e-6);
    assert.ok(Math.abs(basis.vectors[1] + 1 / Math.sqrt(5)) < 1e-6);
    const { data: projected } = project({ channels: 3, size: [10], data }, basis);
    const mean = projected.subarray(0, 10).reduce((s, v) => s + v, 0);
    assert.ok(Math.abs(mean) < 1e-5);
  });
});
