import assert from 'node:assert/strict';
import { mindModel } from '#impact/mind/mind-model.js';
import { mixesSamples } from '#impact/model/mixes-samples.js';
import { reachOf } from '#impact/model/receptive-field.js';
import { type Toy, toyModel } from './vjp-check.js';

describe('the receptive field', () => {
  it('of MIND is 2 (radius + dilation) + 1', () => {
    for (const [radius, dilation] of [
      [1, 2],
      [2, 2],
      [1, 1],
    ]) {
      const { graph } = mindModel({ dimension: 3, radius, dilation, flavour: 'instance' });
      const width = 2 * (radius + dilation) + 1;
      assert.deepEqual(reachOf(graph, 'input', 3).get('layer_0')?.field, [width, width, width]);
    }
  });

  it('of an encoder with pairs of 3-wide kernels, halved each time, is 6 · 2^l - 1', () => {
    const { graph } = toyModel({
      shape: [1, 1, 8, 8],
      build: (g) => {
        const layers: string[] = [];
        let value = 'input';
        for (let l = 0; l < 4; l++) {
          for (const stride of [l === 0 ? 1 : 2, 1]) {
            const weights = g.floats([1, 1, 3, 3], new Float32Array(9));
            const attributes = {
              pads: [1, 1, 1, 1],
              strides: [stride, stride],
              kernel_shape: [3, 3],
            };
            value = g.op('LeakyRelu', [g.op('Conv', [value, weights], attributes)]);
          }
          layers.push(value);
        }
        return layers;
      },
    });
    const reaches = reachOf(graph, 'input', 2);
    const found = graph.outputs.map(({ name }) => reaches.get(name));
    assert.deepEqual(
      found.map((r) => r?.field?.[0]),
      [5, 11, 23, 47],
    );
    assert.deepEqual(
      found.map((r) => r?.stride[0]),
      [1, 2, 4, 8],
    );
  });

  it('grows along axes apart, through pools, transposed windows and what enlarges', () => {
    const { graph } = toyModel({
      shape: [1, 1, 8, 8],
      build: (g) => {
        const pooled = g.op('MaxPool', ['input'], { kernel_shape: [2, 3], strides: [2, 1] });
        const weights = g.floats([1, 1, 2, 1], [1, 1]);
        const wide = g.op('ConvTranspose', [pooled, weights], { strides: [2, 1] });
        const large = g.op('Resize', [pooled, '', g.floats([4], [1, 1, 2, 1])], { mode: 'linear' });
        return [wide, large];
      },
    });
    const reaches = reachOf(graph, 'input', 2);
    const [wide, large] = graph.outputs.map(({ name }) => reaches.get(name));
    assert.deepEqual(wide, { field: [2, 3], stride: [1, 1], global: [] });
    assert.deepEqual(large, { field: [4, 3], stride: [1, 1], global: [] });
  });

  it('is told where an operator sees the whole tensor, and unknown where axes are mixed', () => {
    const { graph } = toyModel({
      shape: [1, 2, 4, 4],
      build: (g) => {
        const scale = g.floats([2], [1, 1]);
        const normed = g.op('InstanceNormalization', ['input', scale, scale]);
        return [normed, g.op('Reshape', [normed, g.integers([0, -1])])];
      },
    });
    const reaches = reachOf(graph, 'input', 2);
    const [normed, mixed] = graph.outputs.map(({ name }) => reaches.get(name));
    assert.deepEqual(normed, { field: [1, 1], stride: [1, 1], global: ['InstanceNormalization'] });
    assert.equal(mixed?.field, undefined);
  });
});

describe('whether a network mixes the samples of a batch', () => {
  it('is told of MIND by its flavour, and taken for granted where axes may move', () => {
    const mind = (flavour: 'instance' | 'batch') =>
      mixesSamples(mindModel({ dimension: 3, radius: 1, dilation: 1, flavour }).graph);
    assert.deepEqual([mind('instance'), mind('batch')], [false, true]);
    const mixes = (build: Toy['build']) =>
      mixesSamples(toyModel({ shape: [1, 1, 1, 1], build }).graph);
    assert.equal(
      mixes((g) => g.op('Relu', ['input'])),
      false,
    );
    assert.equal(
      mixes((g) => g.op('Transpose', ['input'], { perm: [1, 0, 2, 3] })),
      true,
    );
    assert.equal(
      mixes((g) => g.op('ReduceMean', ['input'])),
      true,
    );
    assert.equal(
      mixes((g) => g.op('Concat', ['input', 'input'], { axis: 1 })),
      false,
    );
  });
});
