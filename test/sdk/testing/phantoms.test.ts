import assert from 'node:assert/strict';
import { identityMap, isVoxhostError } from '@voxhost/sdk';
import {
  checkerboard,
  createFakeContext,
  gaussianBlobs,
  headPhantom,
  imageOfIndex,
  imageOfPoint,
  quadratic,
  ramp,
} from '@voxhost/sdk/testing';
import { linearResample } from '../../support/operations.js';

describe('phantoms', () => {
  it('have the values of their formulas, x fastest', () => {
    const size = [3, 2];
    assert.deepEqual([...imageOfIndex({ size }, ramp([1, 10], 5)).data], [5, 6, 7, 15, 16, 17]);
    assert.deepEqual(
      [...imageOfIndex({ size }, quadratic([1, 2], [1, 1])).data],
      [3, 2, 3, 1, 0, 1],
    );
    assert.deepEqual([...imageOfIndex({ size }, checkerboard()).data], [0, 1, 0, 1, 0, 1]);
    const blob = { centre: [1, 0], sigma: 2, height: 8 };
    const blobs = imageOfIndex({ size }, gaussianBlobs([blob]), 'float64').data;
    assert.deepEqual([...blobs.subarray(0, 3)], [8 * Math.exp(-1 / 8), 8, 8 * Math.exp(-1 / 8)]);
  });

  it('stand in physical space, on any grid', () => {
    const grid = { size: [2, 2], spacing: [2, 3], origin: [10, 20], direction: [0, -1, 1, 0] };
    const image = imageOfPoint(grid, ramp([1, 100]), 'float64');
    // x goes along +y, y along -x.
    assert.deepEqual([...image.data], [2010, 2210, 2007, 2207]);
  });

  it('the head is air, skull, brain and a lesion on one side', () => {
    const head = headPhantom();
    const at = (...point: number[]): number => head(Float64Array.from(point));
    assert.equal(at(100, 0, 0), -1000);
    assert.equal(at(73, 0, 0), 40);
    assert.equal(at(66, 0, 0), 1000);
    assert.equal(at(40, 0, 0), 35);
    assert.equal(at(30, -28, 20) - at(-30, -28, 20), 45);
    assert.equal(at(30, 0), at(30, 0, 0));
  });
});

describe('a fake context', () => {
  it('gives what the test gave, and refuses the rest as a host does', async () => {
    const bytes = Uint8Array.of(1, 2);
    await using context = createFakeContext({ files: { 'kernels.wasm': bytes }, threads: 3 });
    assert.equal(await context.resource('kernels.wasm'), bytes);
    assert.equal(context.threads, 3);
    context.log('warn', 'slow');
    assert.deepEqual(context.logged, [{ level: 'warn', text: 'slow' }]);
    const refused = (error: unknown): boolean => isVoxhostError(error, 'PLUGIN_FILE');
    await assert.rejects(context.resource('other.wasm'), refused);
    await assert.rejects(context.module('worker.js'), refused);
    await assert.rejects(context.runtime('onnxruntime-node'), refused);
    await assert.rejects(context.runtimeUrl('onnxruntime-node'), refused);
  });

  it('routes to the reference, until it is disposed', async () => {
    const context = createFakeContext();
    const source = imageOfIndex({ size: [3, 2] }, ramp([1, 10]));
    const operation = linearResample(source);
    const prepared = await context.prepare(operation);
    const { data } = await prepared.run(identityMap(2), { samples: { size: [3, 2] } });
    assert.deepEqual(data, source.data);
    await context[Symbol.asyncDispose]();
    await assert.rejects(context.prepare(operation), (e) => isVoxhostError(e, 'DISPOSED'));
  });
});
