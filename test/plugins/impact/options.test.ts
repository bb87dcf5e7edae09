import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { identityMap, isVoxhostError, type Json } from '@voxhost/sdk';
import { parseOptions, parseRunOptions } from '#impact/options/parse-options.js';
import { openImpact } from './open-impact.js';
import { imageOf, metricOf, modelFolder, pointsIn, smoothNetwork, texture } from './scenes.js';

const refused = (pattern: RegExp) => (error: unknown) =>
  (isVoxhostError(error, 'BAD_ARGUMENT') || isVoxhostError(error, 'BAD_IMAGE')) &&
  pattern.test((error as Error).message);

describe('impact options', () => {
  it('may be written flat, as a command line gives them', () => {
    const options = parseOptions({
      model: 'mind',
      distance: 'NCC',
      patchSize: '5,5,5',
      voxelSize: '2',
    });
    assert.deepEqual(options.models, [
      {
        source: { kind: 'mind', radius: 1, dilation: 2, flavour: 'instance' },
        patchSize: [5, 5, 5],
        voxelSize: [2],
      },
    ]);
    assert.deepEqual(options.layers, [{ distance: 'NCC', weight: 1, pca: 0 }]);
    assert.equal(options.mode, 'jacobian');
  });

  const wrong: readonly (readonly [Json, RegExp])[] = [
    [{}, /options.model" is missing/],
    [null, /options.model" is missing/],
    ['mind', /not an object/],
    [{ model: 'mind', distance: 'l2' }, /one of L1, L2, Cosine/],
    [{ model: 'mind', mode: 'Static' }, /one of jacobian, static/],
    [{ model: 'mind', patchsize: 5 }, /is no option; there are/],
    [{ model: 'mind', patchSize: -1 }, /whole numbers/],
    [{ model: 'mind', voxelSize: 0 }, /positive millimetres/],
    [{ model: 'mind', layersMask: '012' }, /0 and 1/],
    [{ model: 'mind', pca: 2 }, /only mode "static"/],
    [{ model: 'mind', featureMaps: 'x' }, /only mode "static"/],
    [{ model: 'mind', subset: 0 }, /at least 1/],
    [{ models: [] }, /at least one model/],
    [{ models: ['mind'], movingModels: ['mind', 'mind'] }, /2 models where the fixed image has 1/],
    [
      {
        models: [{ model: 'mind', patchSize: 5 }],
        movingModels: [{ model: 'mind', patchSize: 7 }],
      },
      /share their points/,
    ],
    [{ model: 'mind', layers: [{ weight: 'x' }] }, /layers\[0\].weight/],
  ];
  for (const [options, pattern] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(() => parseOptions(options), refused(pattern));
    });
  }

  it('of a run are checked', () => {
    assert.deepEqual(parseRunOptions(undefined), { seed: 0 });
    assert.throws(() => parseRunOptions({ seed: -1 }), refused(/at least 0/));
    assert.throws(() => parseRunOptions({ subset: [['a']] }), refused(/channels for each layer/));
    assert.throws(() => parseRunOptions({ sed: 1 }), refused(/is no option/));
  });
});

describe('impact refuses with one clear error', function () {
  this.timeout(60000);
  const image = imageOf({ size: [10, 9, 8] });
  const flat = imageOf({ size: [12, 10] });

  async function attempt(options: Json, more: object = {}, picture = image): Promise<unknown> {
    await using impact = openImpact();
    await using metric = await impact.backend.prepare(metricOf(picture, picture, options, more));
    return await metric.run(identityMap(picture.grid.size.length), {
      points: pointsIn(picture, 4, 2),
      derivative: true,
    });
  }

  it('models that are missing, broken, of another rank, or not what their side-car says', async () => {
    await using models = await modelFolder();
    const good = await models.write('good', smoothNetwork(3));
    const cut = good.replace('good', 'cut');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(cut, readFileSync(good).subarray(0, 700));
    const text = good.replace('good.onnx', 'model.pt');
    await writeFile(text, 'PK not a model');
    await assert.rejects(attempt({ model: '/no/such.onnx' }), refused(/cannot be read/));
    await assert.rejects(attempt({ model: cut }), refused(/is no ONNX model|cannot be loaded/));
    await assert.rejects(attempt({ model: text }), refused(/is no ONNX model.*export the network/));
    await assert.rejects(
      attempt({ model: good }, {}, flat),
      refused(/dimension 3, the images have 2/),
    );
    await assert.rejects(
      attempt({ model: good, dimension: 2 }),
      refused(/rank 5.*not dimension 2/),
    );
    await assert.rejects(
      attempt({ model: good, outputs: [2] }),
      refused(/2 outputs, none of number 2/),
    );
    await assert.rejects(attempt({ model: good, layersMask: '00' }), refused(/no layer selected/));
    await assert.rejects(
      attempt({ model: good, channels: 3 }),
      refused(/refuses a patch.*3 channels/),
    );
    await assert.rejects(attempt({ model: good, patchSize: 0 }), refused(/lengths above 0/));
    await assert.rejects(attempt({ model: good, patchSize: [3, 3] }), refused(/3 lengths/));
    await assert.rejects(
      attempt({ model: good, layers: [{}, {}, {}] }),
      refused(/3 entries for 2 layers/),
    );
    const normed = await models.write('normed', smoothNetwork(3), { normalisation: 'expected' });
    await assert.rejects(attempt({ model: normed }), refused(/expects normalised intensities/));
    const other = await models.write('other', smoothNetwork(3), { sha256: '0'.repeat(64) });
    await assert.rejects(attempt({ model: other }), refused(/has sha256/));
    const odd = await models.write('odd', smoothNetwork(3), { dimensions: 3 });
    await assert.rejects(attempt({ model: odd }), refused(/dimensions" is no option/));
  });

  it('images with NaN, masks of another size, channels, wrong subsets and scales', async () => {
    const broken = { ...image, data: Float32Array.from(image.data).fill(Number.NaN, 5, 6) };
    await assert.rejects(attempt({ model: 'mind' }, {}, broken), refused(/NaN/));
    await assert.rejects(attempt({ model: 'mind', mode: 'static' }, {}, broken), refused(/NaN/));
    await assert.rejects(
      attempt({ model: 'mind' }, { movingMask: flat }),
      refused(/movingMask.*has size/),
    );
    await using impact = openImpact();
    await using metric = await impact.backend.prepare(metricOf(image, image, { model: 'mind' }));
    const points = pointsIn(image, 2, 3);
    const run = (options: Json) =>
      metric.run(identityMap(3), { points, derivative: false, options });
    await assert.rejects(run({ subset: [[12]] }), refused(/has 12 channels/));
    await assert.rejects(run({ scales: [1, 2] }), refused(/2 factors for 1 layers/));
  });

  it('an image smaller than the patch, fixed or moving', async () => {
    await using impact = openImpact();
    const tiny = imageOf({ size: [3, 3, 3] });
    const options = { model: 'mind', patchSize: 7 };
    for (const [fixed, moving, which] of [
      [tiny, image, 'fixed'],
      [image, tiny, 'moving'],
    ] as const) {
      await assert.rejects(
        impact.backend.prepare(metricOf(fixed, moving, options)),
        refused(
          new RegExp(
            `patchSize" \\[7,7,7\\] needs 6 x 6 x 6 mm .* the ${which} image has 3 x 3 x 3`,
          ),
        ),
      );
    }
  });

  it('a provider that cannot load, with the missing files, and never runs on the CPU instead', async () => {
    await assert.rejects(attempt({ model: 'mind', provider: 'cuda' }), (error) => {
      assert.ok(isVoxhostError(error, 'UNSUPPORTED'));
      assert.equal(error.fields.axis, 'provider');
      assert.match(error.message, /cuda/);
      return true;
    });
    await assert.rejects(attempt({ model: 'mind', provider: 'bogus' }), /bogus/);
  });
});

describe('impact looks at', function () {
  this.timeout(60000);

  it('pictures that are not square, through patches that are not square', async () => {
    await using models = await modelFolder();
    const model = await models.write('flat', smoothNetwork(2));
    const one = imageOf({ size: [17, 11], spacing: [1, 1.4] });
    const other = imageOf({ size: [13, 18], spacing: [1.3, 0.9] }, (p) =>
      texture([p[0] - 1, p[1]]),
    );
    await using impact = openImpact();
    for (const mode of ['static', 'jacobian']) {
      const options = {
        mode,
        model,
        outputs: 0,
        patchSize: mode === 'static' ? 0 : [5, 3],
        voxelSize: 1,
      };
      await using metric = await impact.backend.prepare(metricOf(one, other, options));
      const points = pointsIn(one, 20, 4);
      const at = async (x: number) => {
        const map = {
          kind: 'affine',
          matrix: Float64Array.of(1 / 1.3, 0, x / 1.3, 0, 1.4 / 0.9, 0),
        } as const;
        return await metric.run(map, { points, derivative: true });
      };
      const [there, away] = [await at(1), await at(0)];
      assert.ok(there.value < 0.05 * away.value, `${mode}: ${there.value} of ${away.value}`);
      const difference = ((await at(0.001)).value - (await at(-0.001)).value) / (0.002 / 1.3);
      assert.ok(Math.abs((away.derivative?.[2] ?? 0) - difference) <= 0.02 * Math.abs(difference));
    }
  });

  it('volumes slice by slice or through random planes with a model of two dimensions', async () => {
    await using impact = openImpact();
    const image = imageOf({ size: [14, 13, 12] });
    for (const mode of ['static', 'jacobian']) {
      const options = {
        mode,
        model: 'mind-r1d1',
        dimension: 2,
        voxelSize: mode === 'static' ? [1, 1, 1] : [1, 1],
      };
      await using metric = await impact.backend.prepare(metricOf(image, image, options));
      const points = pointsIn(image, 15, 4);
      const run = (seed: number, shift: number) => {
        const map = {
          kind: 'affine',
          matrix: Float64Array.of(1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 1, 0),
        } as const;
        return metric.run(map, { points, derivative: true, options: { seed } });
      };
      assert.equal((await run(1, 0)).value, 0);
      const [one, again, other] = [await run(1, 0.7), await run(1, 0.7), await run(2, 0.7)];
      assert.equal(one.value, again.value);
      assert.ok(one.value > 0);
      if (mode === 'jacobian') assert.notEqual(one.value, other.value);
    }
  });

  it('a network it cannot differentiate by differences of shifts, and says so', async () => {
    await using models = await modelFolder();
    const build = (power: string) => ({
      shape: [1, 1, 1, 1, 1],
      build: (g: Parameters<ReturnType<typeof smoothNetwork>['build']>[0]) => {
        const layers = smoothNetwork(3).build(g);
        return g.op(power, [layers[0]]);
      },
    });
    const known = await models.write('known', build('Tanh'));
    const unknown = await models.write('unknown', build('Sin'));
    const image = imageOf({ size: [14, 13, 12] });
    const other = imageOf({ size: [14, 13, 12] }, (p) => texture([p[0] + 0.5, p[1], p[2]]));
    await using impact = openImpact();
    for (const model of [known, unknown]) {
      await using metric = await impact.backend.prepare(
        metricOf(image, other, { model, voxelSize: 1 }),
      );
      const points = pointsIn(image, 30, 3);
      const run = (x: number) => {
        const map = {
          kind: 'affine',
          matrix: Float64Array.of(1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0),
        } as const;
        return metric.run(map, { points, derivative: true });
      };
      const { derivative } = await run(0);
      const difference = ((await run(0.01)).value - (await run(-0.01)).value) / 0.02;
      assert.ok(
        Math.abs((derivative?.[3] ?? 0) - difference) <= 0.03 * Math.abs(difference),
        model,
      );
    }
    const warnings = impact.context.logged.filter(({ level }) => level === 'warn');
    assert.equal(warnings.length, 1);
    assert.match(warnings[0].text, /unknown.*Sin: has no rule.*shifted patches/);
    await assert.rejects(
      impact.backend.prepare(metricOf(image, other, { model: unknown, exactPatchJacobian: true })),
      refused(/cannot be built: Sin/),
    );
  });

  it('raw intensities, with the statistics and direction of each image where the network asks', async () => {
    await using models = await modelFolder();
    const model = await models.write('asking', smoothNetwork(3));
    const { decodeModel } = await import('#impact/onnx/decode.js');
    const { encodeModel } = await import('#impact/onnx/encode.js');
    const { GraphBuilder } = await import('#impact/onnx/graph-builder.js');
    const graph = new GraphBuilder(17, 'q');
    const parts = ['stats', 'direction'].map((name) =>
      graph.op('Reshape', [name, graph.integers([1, -1, 1, 1, 1])]),
    );
    const told = graph.op('Concat', parts, { axis: 1 });
    const layer = graph.op('Add', [told, graph.op('Mul', ['input', graph.scalar(0)])]);
    const decoded = decodeModel(readFileSync(model), 'x');
    const info = (name: string, shape: number[]) => ({ name, type: 1, shape });
    const asking = {
      ...decoded,
      graph: {
        ...decoded.graph,
        nodes: graph.nodes,
        initializers: graph.initializers,
        inputs: [...decoded.graph.inputs, info('stats', [4]), info('direction', [3, 3])],
        outputs: [{ name: layer, type: 1, shape: undefined }],
      },
    };
    const { writeFile } = await import('node:fs/promises');
    await writeFile(model, encodeModel(asking));
    const ramp = (from: number) => (p: readonly number[]) => from + p[0];
    const direction = [0, 1, 0, 1, 0, 0, 0, 0, -1];
    const fixed = imageOf({ size: [5, 5, 5] }, ramp(0));
    const moving = imageOf({ size: [5, 5, 5], direction }, ramp(0));
    await using impact = openImpact();
    const options = { model, distance: 'L1', patchSize: 1 };
    await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
    const points = pointsIn(fixed, 1, 1);
    const subset = (channel: number) => ({ subset: [[channel]] });
    const run = (channel: number) =>
      metric.run(identityMap(3), { points, derivative: false, options: subset(channel) });
    // both ramps hold 0 to 4: equal statistics; the directions differ in five of nine entries
    for (const channel of [0, 1, 2, 3, 6, 9, 10, 11]) {
      assert.equal((await run(channel)).value, 0, `${channel}`);
    }
    for (const channel of [4, 5, 7, 8]) assert.equal((await run(channel)).value, 1, `${channel}`);
    assert.equal((await run(12)).value, 2);
  });
});
