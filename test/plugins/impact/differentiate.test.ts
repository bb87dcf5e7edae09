import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mindModel } from '#impact/mind/mind-model.js';
import { decodeModel } from '#impact/onnx/decode.js';
import { encodeModel } from '#impact/onnx/encode.js';
import type { Model } from '#impact/onnx/model.js';
import { differentiate } from '#impact/vjp/differentiate.js';
import { type OrtTensor, openSession, tensor } from './onnx-runtime.js';
import { golden, goldenJson, goldenNumbers } from './shared-golden.js';
import { checkToy, openGradient, type Toy, toyModel } from './vjp-check.js';

interface Case {
  readonly case: string;
  readonly model: string;
  readonly input: number[];
  readonly output: number[];
}

/** float32 in the runtime against float64, over the largest value. */
const TOLERANCE = 1e-5;

function assertClose(found: ArrayLike<number>, wanted: Float64Array, what: string): void {
  assert.equal(found.length, wanted.length, what);
  const scale = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  for (const [i, v] of wanted.entries()) {
    assert.ok(Math.abs(found[i] - v) <= TOLERANCE * scale, `${what} ${i}: ${found[i]} for ${v}`);
  }
}

const load = (test: Mocha.Context, name: string): Model =>
  decodeModel(readFileSync(golden(test, name)), name);

async function features(model: Model, feeds: Record<string, OrtTensor>): Promise<Float64Array> {
  const session = await openSession(encodeModel(model));
  const { layer_0: layer } = await session.run(feeds);
  return Float64Array.from(layer.data as Float32Array);
}

describe('differentiate', () => {
  it('gives the golden features and derivatives of M730, dense and at the centre', async function () {
    const model = load(this, 'm730_l1.onnx');
    const gradient = await openGradient(model, ['layer_0']);
    const { cases } = goldenJson<{ cases: Case[] }>(this, 'm730_golden.json');
    for (const one of cases) {
      const read = (part: string) => goldenNumbers(this, `m730_${one.case}_${part}`);
      const input = tensor(read('x.f32'), one.input);
      assertClose(await features(model, { input }), read('y.f64'), 'features');
      for (const [given, wanted] of [
        ['g.f32', 'gx.f64'],
        ['c.f32', 'cx.f64'],
      ]) {
        const cotangent = tensor(read(given), one.output);
        assertClose(await gradient({ input }, { layer_0: cotangent }), read(wanted), wanted);
      }
    }
  });

  it('gives those of M730 that normalises by the statistics it is handed', async function () {
    const one = goldenJson<Case & { stats: number[] }>(this, 'm730z_golden.json');
    const model = load(this, one.model);
    const input = tensor(goldenNumbers(this, 'm730z_x.f32'), one.input);
    const stats = tensor(one.stats, [4]);
    assertClose(await features(model, { input, stats }), goldenNumbers(this, 'm730z_y.f64'), 'y');
    const gradient = await openGradient(model, ['layer_0']);
    const cotangent = tensor(goldenNumbers(this, 'm730z_g.f32'), one.output);
    const found = await gradient({ input, stats }, { layer_0: cotangent });
    assertClose(found, goldenNumbers(this, 'm730z_gx.f64'), 'gx');
  });

  it('gives those of MIND', async function () {
    const { cases } = goldenJson<{ cases: Case[] }>(this, 'mind_vjp_golden.json');
    for (const one of cases) {
      const [, radius, dilation, dimension, flavour] =
        /r(\d)d(\d)_(\d)d_(instance|batch)/.exec(one.model) ?? [];
      const model = mindModel({
        dimension: Number(dimension) as 2 | 3,
        radius: Number(radius),
        dilation: Number(dilation),
        flavour: flavour as 'instance' | 'batch',
      });
      const read = (part: string) => goldenNumbers(this, `mind_${one.case}_${part}`);
      const input = tensor(read('x.f32'), one.input);
      assertClose(await features(model, { input }), read('y.f64'), one.case);
      const gradient = await openGradient(model, ['layer_0']);
      const cotangent = tensor(read('g.f32'), one.output);
      assertClose(await gradient({ input }, { layer_0: cotangent }), read('gx.f64'), one.case);
    }
  });

  it('gives those of a model whose pads are computed when it runs', async function () {
    const one = goldenJson<{ input: number[]; elastix_test_output: number[] }>(
      this,
      'r1d2_2d_golden.json',
    );
    const model = load(this, 'r1d2_2d_elastix_test.onnx');
    const input = tensor(goldenNumbers(this, 'r1d2_2d_x.f32'), one.input);
    assertClose(
      await features(model, { input }),
      goldenNumbers(this, 'r1d2_2d_elastix_test_y.f64'),
      'y',
    );
    assert.ok(differentiate(model, ['layer_0'], 'input').ok);
  });

  it('adds up what several layers and a shared trunk with strides contribute', async () => {
    for (const size of [7, 8]) await checkToy(encoder(size));
  });

  it('of some layers leaves out what only the others need', () => {
    const model = toyModel(encoder(8));
    const [shallow] = model.graph.outputs;
    const graphs = differentiate(model, [shallow.name], 'input');
    assert.ok(graphs.ok);
    const convolutions = graphs.forward.graph.nodes.filter((node) => node.op === 'Conv');
    assert.equal(convolutions.length, 1);
    assert.ok(graphs.forward.graph.outputs.some(({ name }) => name === shallow.name));
  });

  it('names every operator in the way that it has no rule for, and why', () => {
    const model = toyModel({
      shape: [1, 1, 4, 4],
      build: (g) => {
        const pooled = g.op('LpPool', ['input'], { kernel_shape: [2, 2] });
        const padding = { kernel_shape: [2, 2], auto_pad: 'SAME_UPPER' };
        return g.op('AveragePool', [pooled], padding);
      },
    });
    const graphs = differentiate(
      model,
      model.graph.outputs.map((o) => o.name),
      'input',
    );
    assert.ok(!graphs.ok);
    const [first, second] = graphs.gaps;
    assert.deepEqual(first, { op: 'AveragePool', reason: 'AveragePool with auto_pad SAME_UPPER' });
    assert.equal(second, undefined, 'nothing is known before a gap');
  });

  it('ignores an operator without a rule that is not in the way', async () => {
    await checkToy({
      shape: [3, 4],
      build: (g) => {
        const sorted = g.op('CumSum', [g.floats([4], [1, 2, 3, 4]), g.integer(0)]);
        return g.op('Mul', ['input', sorted]);
      },
    });
  });

  it('stops at steps: of a one-hot head it is zero everywhere', async () => {
    const toy: Toy = {
      shape: [2, 3],
      build: (g) => {
        const best = g.op('ArgMax', ['input'], { axis: 1, keepdims: 0 });
        return g.op('OneHot', [best, g.integer(3), g.floats([2], [0, 1])]);
      },
    };
    await checkToy({ ...toy, value: (i) => [1, 5, 3, 7, 2, 4][i] });
  });

  it('refuses operator sets in which its rules cannot be written', () => {
    const graphs = differentiate(
      toyModel({ shape: [2], opset: 11, build: (g) => g.op('Exp', ['input']) }),
      ['t0'],
      'input',
    );
    assert.ok(!graphs.ok);
    assert.match(graphs.gaps[0].reason, /operator set 11/);
  });
});

/** Two blocks, the second with stride 2, both of them layers. */
function encoder(size: number): Toy {
  return {
    shape: [1, 1, size, size],
    build: (g) => {
      const kernel = (count: number, salt: number) =>
        Float32Array.from({ length: count }, (_, i) => Math.sin(7 * i + salt));
      const first = g.op('Conv', ['input', g.floats([2, 1, 3, 3], kernel(18, 1))], {
        pads: [1, 1, 1, 1],
      });
      const shallow = g.op('Tanh', [first]);
      const weights = g.floats([3, 2, 3, 3], kernel(54, 2));
      const second = g.op('Conv', [shallow, weights], { pads: [1, 1, 1, 1], strides: [2, 2] });
      return [shallow, g.op('Sigmoid', [second])];
    },
  };
}
