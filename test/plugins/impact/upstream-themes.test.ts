import assert from 'node:assert/strict';
import { affineMap, identityMap, type Json, type Measured } from '@voxhost/sdk';
import { readImage } from 'voxhost/io';
import { DISTANCE_NAMES, DISTANCES, isDistanceName } from '#impact/distances/index.js';
import { parseParameterMap } from '#impact/elastix/parameter-map.js';
import { optionsFromElastix } from '#impact/elastix/to-options.js';
import type { Eye } from '#impact/jacobian/eye.js';
import { patchTensor } from '#impact/jacobian/patches.js';
import { patchPoints } from '#impact/sampling/patch-points.js';
import { createRandom } from '#impact/sampling/random.js';
import { principalBasis, project } from '#impact/static/pca.js';
import { openImpact } from './open-impact.js';
import { imageOf, type ModelFolder, metricOf, modelFolder, pointsIn, texture } from './scenes.js';
import type { Toy } from './vjp-check.js';

/** What the GTests of elastix and ITKIMPACT assert, in our terms; each theme is one test. */
describe('what upstream tests of IMPACT', function () {
  this.timeout(60_000);
  let models: ModelFolder;
  before(async () => {
    models = await modelFolder();
  });
  after(() => models[Symbol.asyncDispose]());

  it('GroupByDimensions: entries go to models by their dimensions, the last is repeated, surplus ignored', () => {
    const read = (patch: string) => {
      const text = `
        (ImpactModelsPath0 "a.onnx" "b.onnx")
        (ImpactDimension0 3 3)
        (ImpactNumberOfChannels0 1 1)
        (ImpactPatchSize0 ${patch})
        (ImpactVoxelSize0 1 1 1 1 1 1)
        (ImpactLayersMask0 "1" "1")
        (ImpactSubsetFeatures0 1 1)
        (ImpactPCA0 0 0)
        (ImpactDistance0 "L2" "L2")
        (ImpactLayersWeight0 1 1)`;
      const asked = { level: 0, lenient: true };
      const { options } = optionsFromElastix(parseParameterMap(text, 'map.txt'), asked);
      return (options['models'] as readonly { patchSize: Json }[]).map((m) => m.patchSize);
    };
    const [first] = [[5, 5, 5]];
    assert.deepEqual(read('5 5 5 8 6 7'), [first, [8, 6, 7]]);
    assert.deepEqual(read('5 5 5 8 6'), [first, [8, 6, 6]]);
    assert.deepEqual(read('5 5 5 8 6 7 9'), [first, [8, 6, 7]]);
  });

  it('image to tensor: axes z, y, x, and the values that the image has there', () => {
    const patch = { size: [4, 3, 2], voxel: [1, 1, 1] };
    const points = patchPoints(Float64Array.of(10, 20, 30), [1, 1, 1], patch, createRandom(0));
    const value = (x: number, y: number, z: number) => x + 100 * y + 10_000 * z;
    const values = Float32Array.from({ length: 24 }, (_, n) =>
      value(points[3 * n], points[3 * n + 1], points[3 * n + 2]),
    );
    const eye = { voxels: 24, order: undefined } as Eye;
    const tensor = patchTensor(values, eye, 0, { samples: [0], channels: 2 });
    const wanted: number[] = [];
    for (const z of [29, 30])
      for (const y of [19, 20, 21]) for (const x of [8, 9, 10, 11]) wanted.push(value(x, y, z));
    assert.deepEqual([...tensor], [...wanted, ...wanted]);
  });

  it('losses: seven names and no other; Dice of the same is -1, of nothing finite, and inputs stay', () => {
    assert.equal(DISTANCE_NAMES.length, 7);
    assert.equal(isDistanceName('Euclid'), false);
    const dice = (values: number[]) => {
      const fixed = Float32Array.from(values);
      const moving = Float32Array.from(values);
      const pair = { fixed, moving, samples: 2, channels: 2 };
      const sum = DISTANCES.Dice.evaluate(pair, new Float64Array(4)) / 2;
      assert.deepEqual([[...fixed], [...moving]], [values, values]);
      return sum;
    };
    assert.equal(dice([1, 0, 0, 1]), -1);
    assert.equal(dice([0, 0, 0, 0]), -1);
  });

  it('feature extraction: every layer with its channels, and of the size of the image in any tiles', async () => {
    const model = await models.write('four-two', twoLayers(false));
    const image = imageOf({ size: [13, 11, 12] });
    for (const patchSize of [0, 6]) {
      const folder = `${models.path}/maps-${patchSize}`;
      await using impact = openImpact();
      const options = { model, mode: 'static', patchSize, featureMaps: folder };
      await using _ = await impact.backend.prepare(metricOf(image, image, options));
      const maps = [];
      for (const l of [0, 1]) maps.push(await readImage(`${folder}/fixed_layer_${l}.mha`));
      assert.deepEqual(
        maps.map(({ channels, grid }) => [channels, ...grid.size]),
        [
          [4, 13, 11, 12],
          [2, 13, 11, 12],
        ],
      );
    }
  });

  it('PCA: a basis that is handed over is used as it is, one that is found again differs', () => {
    const volume = (salt: number) => ({
      channels: 3,
      size: [50],
      data: Float32Array.from({ length: 150 }, (_, i) => Math.sin(i * i * 0.1 + salt)),
    });
    const [one, other] = [volume(0), volume(2)];
    const basis = principalBasis(one, 2);
    const vectors = [...basis.vectors];
    const handed = project(other, basis);
    assert.deepEqual([...basis.vectors], vectors);
    assert.deepEqual(handed, project(other, { ...basis, vectors: Float64Array.from(vectors) }));
    assert.notDeepEqual(handed.data, project(other, principalBasis(other, 2)).data);
  });

  const STATIC = { mode: 'static', voxelSize: 1 };
  const still = imageOf({ size: [16, 15, 14] });
  const points = pointsIn(still, 60, 3);

  it('static Cosine of the same image is -1, of another more', async () => {
    const model = await models.write('smooth-two', twoLayers(false));
    const away = imageOf({ size: [16, 15, 14] }, (p) => texture([p[0] + 2, p[1], p[2]]));
    const values: number[] = [];
    for (const moving of [still, away]) {
      await using impact = openImpact();
      const options = { ...STATIC, model, outputs: 0, distance: 'Cosine' };
      await using metric = await impact.backend.prepare(metricOf(still, moving, options));
      values.push((await metric.run(identityMap(3), { points, derivative: false })).value);
    }
    assert.ok(Math.abs(values[0] + 1) <= 1e-3, `${values[0]}`);
    assert.ok(values[1] > values[0] + 0.01);
  });

  it('NCC and gradient descent find a blob that moved by 4 voxels', async () => {
    const blob = (x: number) => (p: readonly number[]) =>
      100 * Math.exp(-((p[0] - x) ** 2 + (p[1] - 10) ** 2 + (p[2] - 10) ** 2) / 18);
    const [fixed, moving] = [8, 12].map((x) => imageOf({ size: [21, 21, 21] }, blob(x)));
    const model = await models.write('blob', twoLayers(false));
    await using impact = openImpact();
    const options = { ...STATIC, model, outputs: 0, distance: 'NCC' };
    await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
    const around = pointsIn(fixed, 400, 4);
    let shift = 0;
    for (let step = 0; step < 40; step++) {
      const map = affineMap([1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 1, 0]);
      const { derivative } = await metric.run(map, { points: around, derivative: true });
      shift -= Math.sign(derivative?.[3] ?? 0) * 0.5 * 0.93 ** step;
    }
    assert.ok(Math.abs(shift - 4) < 0.5, `found ${shift}`);
  });

  it('a layer does not depend on whether another one is looked at', async () => {
    const model = await models.write('layers', twoLayers(false));
    const away = imageOf({ size: [16, 15, 14] }, (p) => texture([p[0] + 0.7, p[1], p[2]]));
    for (const mode of ['static', 'jacobian']) {
      const lossOf = async (outputs: readonly number[]) => {
        await using impact = openImpact();
        const options = {
          mode,
          voxelSize: 1,
          patchSize: mode === 'static' ? 0 : 5,
          model,
          outputs,
        };
        await using metric = await impact.backend.prepare(metricOf(still, away, options));
        const { details } = await metric.run(identityMap(3), { points, derivative: false });
        return (details as unknown as { layers: { loss: number }[] }).layers[0].loss;
      };
      assert.equal(await lossOf([0]), await lossOf([0, 1]), mode);
    }
  });

  it('a map of an encoder of stride 2 overlays its image', async () => {
    const model = await models.write('strided', twoLayers(true));
    const direction = [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1];
    const image = imageOf({
      size: [16, 12, 14],
      spacing: [1, 1.5, 2],
      origin: [3, -4, 5],
      direction,
    });
    const folder = `${models.path}/strided-maps`;
    await using impact = openImpact();
    const options = { model, outputs: 1, mode: 'static', featureMaps: folder };
    await using metric = await impact.backend.prepare(metricOf(image, image, options));
    const { grid } = await readImage(`${folder}/fixed_layer_0.mha`);
    assert.deepEqual(grid.size, [8, 6, 7]);
    assert.deepEqual(grid.spacing, [2, 3, 4]);
    assert.deepEqual(grid.origin, image.grid.origin);
    const turned = grid.direction.map((d, i) => Math.abs(d - direction[i]));
    assert.ok(Math.max(...turned) <= 1e-12);
    const same: Measured = await metric.run(identityMap(3), { derivative: true });
    assert.equal(same.value, 0);
  });
});

/** Layers of 4 and 2 channels; the second of half the size if it is strided. */
function twoLayers(isStrided: boolean): Toy {
  return {
    shape: [1, 1, 1, 1, 1],
    build: (g) => {
      const weights = (outputs: number, inputs: number) =>
        g.floats(
          [outputs, inputs, 3, 3, 3],
          Float32Array.from({ length: outputs * inputs * 27 }, (_, i) => Math.sin(1.9 * i + 2)),
        );
      const pads = [1, 1, 1, 1, 1, 1];
      const scaled = g.op('Mul', ['input', g.scalar(0.003)]);
      const first = g.op('Tanh', [g.op('Conv', [scaled, weights(4, 1)], { pads })]);
      const strides = isStrided ? { strides: [2, 2, 2] } : {};
      return [first, g.op('Tanh', [g.op('Conv', [first, weights(2, 4)], { pads, ...strides })])];
    },
  };
}
