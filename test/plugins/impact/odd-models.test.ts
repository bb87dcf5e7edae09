import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { affineMap, isVoxhostError, type Json } from '@voxhost/sdk';
import { decodeModel } from '#impact/onnx/decode.js';
import { encodeModel } from '#impact/onnx/encode.js';
import type { GraphBuilder } from '#impact/onnx/graph-builder.js';
import { openImpact } from './open-impact.js';
import { imageOf, type ModelFolder, metricOf, modelFolder, pointsIn, texture } from './scenes.js';
import { checkToy, type Toy } from './vjp-check.js';

const refused = (pattern: RegExp) => (error: unknown) =>
  isVoxhostError(error, 'BAD_ARGUMENT') &&
  pattern.test(error.message) &&
  error.message.split('\n').length === 1;

const weights = (g: GraphBuilder, dims: readonly number[], salt = 0): string => {
  const count = dims.reduce((n, d) => n * d, 1);
  return g.floats(
    dims,
    Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + salt) / 3),
  );
};

const PADS = [1, 1, 1, 1, 1, 1];

/** Down by a stride, up again, and beside what was before: lengths must be even. */
const unet: Toy = {
  shape: [1, 1, 1, 1, 1],
  build: (g) => {
    const scaled = g.op('Mul', ['input', g.scalar(0.004)]);
    const wide = g.op('Tanh', [
      g.op('Conv', [scaled, weights(g, [3, 1, 3, 3, 3])], { pads: PADS }),
    ]);
    const kernel = weights(g, [4, 3, 3, 3, 3]);
    const deep = g.op('Tanh', [g.op('Conv', [wide, kernel], { pads: PADS, strides: [2, 2, 2] })]);
    const up = g.op('ConvTranspose', [deep, weights(g, [4, 3, 2, 2, 2])], { strides: [2, 2, 2] });
    return g.op('Sigmoid', [g.op('Concat', [up, wide], { axis: 1 })]);
  },
};

const mapped = (build: (g: GraphBuilder) => string): Toy => ({ shape: [1, 1, 1, 1, 1], build });

describe('odd models', function () {
  this.timeout(60_000);
  let models: ModelFolder;
  before(async () => {
    models = await modelFolder();
  });
  after(() => models[Symbol.asyncDispose]());

  const image = imageOf({ size: [15, 13, 14] });
  const away = imageOf({ size: [15, 13, 14] }, (p) => texture([p[0] + 0.6, p[1], p[2]]));
  const points = pointsIn(image, 12, 4);

  async function attempt(options: Json, x = 0) {
    await using impact = openImpact();
    await using metric = await impact.backend.prepare(metricOf(image, away, options));
    const map = affineMap([1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0]);
    const measured = await metric.run(map, { points, derivative: true });
    const warnings = impact.context.logged.filter(({ level }) => level === 'warn');
    return { ...measured, warnings: warnings.map(({ text }) => text).join(';') };
  }

  it('a block of a transformer, as exporters write it, has a gradient graph', async () => {
    await checkToy({ shape: [1, 2, 4, 4], build: transformer });
  });

  it('one that needs even lengths gets them in mode static, by repeated edges, and that is told', async () => {
    const model = await models.write('unet', unet);
    const options = { mode: 'static', model, voxelSize: 1 };
    const { value, derivative, warnings } = await attempt(options);
    assert.match(warnings, /refuses 15 x 13 x 14 voxels; their edges are repeated to 16 x 14 x 14/);
    const h = 0.01;
    const slope =
      ((await attempt(options, h)).value - (await attempt(options, -h)).value) / (2 * h);
    assert.ok(value > 0);
    assert.ok(Math.abs((derivative?.[3] ?? 0) - slope) <= 0.02 * Math.abs(slope));
  });

  it('one of fixed batches is refused for patches', async () => {
    const path = await models.write('batch', unet);
    const { graph, ...rest } = decodeModel(readFileSync(path), path);
    const [input] = graph.inputs;
    const inputs = [{ ...input, shape: [1, 1, 8, 8, 8] }];
    await writeFile(path, encodeModel({ ...rest, graph: { ...graph, inputs } }));
    await assert.rejects(
      attempt({ model: path, patchSize: 8 }),
      refused(/batches of 1 and no other/),
    );
    await assert.rejects(attempt({ mode: 'static', model: path }), refused(/refuses a volume/));
  });

  it('one whose output is no map is refused', async () => {
    const toys = {
      scalar: mapped((g) => g.op('ReduceMean', ['input'], { keepdims: 0 })),
      vector: mapped((g) => g.reduce('ReduceMean', 'input', [2, 3, 4], false)),
    };
    for (const [name, toy] of Object.entries(toys)) {
      const model = await models.write(name, toy);
      for (const mode of ['static', 'jacobian']) {
        await assert.rejects(attempt({ mode, model, patchSize: 3 }), refused(/no map of features/));
      }
    }
  });

  it('features that are not finite make a sample invalid, or a map refused', async () => {
    const log = mapped((g) => g.op('Log', [g.op('Sub', ['input', g.scalar(-20)])]));
    const model = await models.write('log', log);
    const { samples, value, derivative } = await attempt({ model, patchSize: 1, distance: 'L1' });
    assert.ok(samples > 0 && samples < points.length / 3, `${samples}`);
    assert.ok(Number.isFinite(value) && derivative?.every(Number.isFinite));
    const together = await attempt({ model, patchSize: 1, distance: 'NCC' });
    assert.equal(together.samples, samples);
    assert.ok(Number.isFinite(together.value) && together.derivative?.every(Number.isFinite));
    const none = await models.write(
      'none',
      mapped((g) => g.op('Log', [g.op('Abs', [g.op('Neg', ['input'])])])),
    );
    assert.ok((await attempt({ model: none, patchSize: 1 })).samples > 0);
    await assert.rejects(attempt({ mode: 'static', model }), refused(/values that are not finite/));
  });

  it('one that changes in steps is announced as having no derivative', async () => {
    const model = await models.write(
      'steps',
      mapped((g) => g.op('Sign', ['input'])),
    );
    const { derivative, warnings } = await attempt({ model, patchSize: 1 });
    assert.match(warnings, /change in steps: their derivative is 0 everywhere/);
    assert.ok(derivative?.every((d) => d === 0));
  });
});

/** Patches of 2 x 2 to tokens of 4 numbers, attention of one head, and back to a map. */
function transformer(g: GraphBuilder): string {
  const embedded = g.op('Conv', ['input', weights(g, [4, 2, 2, 2])], { strides: [2, 2] });
  const shape = g.shape(embedded);
  const kept = g.op('Slice', [shape, g.integers([0]), g.integers([2]), g.integers([0])]);
  const flat = g.op('Reshape', [embedded, g.op('Concat', [kept, g.integers([-1])], { axis: 0 })]);
  const tokens = g.op('Transpose', [flat], { perm: [0, 2, 1] });
  const normed = g.op('LayerNormalization', [tokens, weights(g, [4], 1), weights(g, [4], 2)]);
  const mixed = g.op('MatMul', [normed, weights(g, [4, 12], 3)]);
  const [q = '', k = '', v = ''] = g.ops('Split', [mixed, g.integers([4, 4, 4])], 3, { axis: -1 });
  const turned = g.op('Transpose', [k], { perm: [0, 2, 1] });
  const scores = g.op('Mul', [g.op('MatMul', [q, turned]), g.scalar(0.5)]);
  const seen = g.op('MatMul', [g.op('Softmax', [scores], { axis: -1 }), v]);
  const out = g.op('Add', [tokens, seen]);
  return g.op('Reshape', [g.op('Transpose', [out], { perm: [0, 2, 1] }), shape]);
}
