import assert from 'node:assert/strict';
import { affineMap } from '@voxhost/sdk';
import { linearMetric, linearResample } from '../../support/operations.js';
import { wavy } from '../../support/volumes.js';
import { createTensorflow, standIn } from './stand-in.js';

const RUNS = 100;

describe('the memory of TensorFlow', () => {
  const source = wavy([6, 5, 4]);
  const demand = { maps: ['affine'], samples: 'grid', perRun: 120, runs: RUNS } as const;
  const resample = linearResample(source, { gradient: true, demand });
  const images = { fixed: source, moving: source };
  const metric = linearMetric('normalized-correlation', images, { demand });

  it(`is the same after ${RUNS} runs, and after disposal what it was before`, async () => {
    const tf = await standIn();
    const before = tf.memory();
    await using backend = await createTensorflow();
    const one = await backend.prepare(resample);
    const other = await backend.prepare(metric);
    const resident = tf.memory();
    assert.ok(resident.numBytes > before.numBytes);
    for (let n = 0; n < RUNS; n++) {
      const map = affineMap([1, 0, 0, n / 50, 0, 1, 0, 0, 0, 0, 1, 0]);
      await one.run(map, { samples: { size: [6, 5, 4] } });
      await other.run(map, { derivative: true });
    }
    const { numTensors, numBytes } = tf.memory();
    assert.deepEqual([numTensors, numBytes], [resident.numTensors, resident.numBytes]);
    await one[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    assert.deepEqual(tf.memory().numBytes, before.numBytes);
  });

  it('is given back when a run fails', async () => {
    const tf = await standIn();
    await using backend = await createTensorflow();
    await using prepared = await backend.prepare(resample);
    const { numTensors } = tf.memory();
    const signal = AbortSignal.abort(new Error('enough'));
    const map = affineMap([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    await assert.rejects(prepared.run(map, { samples: { size: [6, 5, 4] }, signal }), /enough/);
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
