import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isVoxhostError } from '@voxhost/sdk';
import fc from 'fast-check';
import { mindModel } from '#impact/mind/mind-model.js';
import { decodeModel } from '#impact/onnx/decode.js';
import { encodeModel } from '#impact/onnx/encode.js';
import type { Model } from '#impact/onnx/model.js';
import { floatsOf, floatTensor, integersOfTensor, integerTensor } from '#impact/onnx/tensor.js';
import { golden } from './shared-golden.js';

const mind = () => mindModel({ dimension: 3, radius: 2, dilation: 2, flavour: 'instance' });

const plain = (model: Model) => ({ ...model, rest: Array.from(model.rest) });

describe('the ONNX codec', () => {
  it('reads what it writes', () => {
    const model = mind();
    assert.deepEqual(plain(decodeModel(encodeModel(model), 'mind')), plain(model));
  });

  it('keeps every kind of attribute, negative and largest integers, and what it does not know', () => {
    const int64Max = 2 ** 63; // as a double; written as the largest int64
    const attributes = new Map([
      ['f', { kind: 'float', value: 0.5 }],
      ['i', { kind: 'int', value: -3 }],
      ['s', { kind: 'text', value: 'é' }],
      ['t', { kind: 'tensor', value: integerTensor([2], [-1, 7]) }],
      ['fs', { kind: 'floats', value: [1, -2] }],
      ['is', { kind: 'ints', value: [-1, int64Max] }],
    ] as const);
    const model = mind();
    const [first] = model.graph.nodes;
    const odd = { ...first, domain: 'com.example', attributes };
    const changed = {
      ...model,
      rest: Uint8Array.of(0x30, 1),
      graph: { ...model.graph, nodes: [odd] },
    };
    const back = decodeModel(encodeModel(changed), 'odd');
    assert.deepEqual(plain(back), plain(changed));
  });

  it('reads and writes a foreign file without loss', function () {
    const bytes = new Uint8Array(readFileSync(golden(this, 'm730_l1.onnx')));
    const model = decodeModel(bytes, 'm730');
    assert.equal(model.graph.nodes.length, 6);
    assert.deepEqual(plain(decodeModel(encodeModel(model), 'again')), plain(model));
  });

  it('refuses bytes that are no model with one clear error, wherever they are cut', () => {
    const bytes = encodeModel(mind());
    const isRefusal = (error: unknown) => isVoxhostError(error, 'BAD_ARGUMENT');
    const refused = (broken: Uint8Array) => {
      try {
        decodeModel(broken, 'x.onnx');
      } catch (error) {
        assert.ok(isRefusal(error), String(error));
      }
    };
    for (let cut = 0; cut < bytes.length; cut += 7) refused(bytes.subarray(0, cut));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), refused), { numRuns: 300 });
    assert.throws(
      () => decodeModel(new TextEncoder().encode('PK\x03\x04 a zip'), 'a.pt'),
      isRefusal,
    );
    assert.throws(() => decodeModel(new Uint8Array(0), 'empty.onnx'), isRefusal);
  });

  it('turns tensors into numbers by their type', () => {
    assert.deepEqual(floatsOf(floatTensor([2], [0.5, -2])), Float64Array.of(0.5, -2));
    assert.deepEqual(integersOfTensor(integerTensor([2], [5, -2])), [5, -2]);
    assert.equal(floatsOf(integerTensor([1], [1])), undefined);
    assert.equal(integersOfTensor(floatTensor([1], [1])), undefined);
  });
});
