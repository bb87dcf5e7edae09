import assert from 'node:assert/strict';
import { affineMap, createGrid, createImage, type Image, type Resample } from '@voxhost/sdk';
import { needsFakeDriver } from '../../support/fake-driver.js';
import { linearResample } from '../../support/operations.js';
import { createCuda } from './support.js';

const volume = (size: readonly number[]): Image => {
  const voxels = size.reduce((product, n) => product * n, 1);
  const data = Int16Array.from({ length: voxels }, (_, i) => (i * 7919) % 2003);
  return createImage(createGrid({ size }), data);
};

const operationOf = (source: Image, changes: Partial<Resample> = {}): Resample =>
  linearResample(source, { boundary: { kind: 'constant', value: -5 }, ...changes });

describe('an output on a CUDA device', () => {
  needsFakeDriver();

  it('larger than a lane comes in blocks that do not show', async () => {
    const source = volume([30, 20, 10]);
    await using backend = await createCuda();
    await using prepared = await backend.prepare(operationOf(source, { gradient: true }));
    const size = [140, 120, 90]; // 24 MB of four planes, more than a lane holds
    const zoom = affineMap([0.2, 0, 0, 0, 0, 0.15, 0, 0, 0, 0, 0.1, 0]);
    const { data } = await prepared.run(zoom, { samples: { size } });
    const slice = await prepared.run(zoom, {
      samples: { size: [140, 120, 1], start: [0, 0, 77] },
    });
    const [voxels, plane] = [140 * 120 * 90, 140 * 120];
    for (let p = 0; p < 4; p++) {
      const from = p * voxels + 77 * plane;
      assert.deepEqual(
        data.subarray(from, from + plane),
        slice.data.subarray(p * plane, (p + 1) * plane),
      );
    }
  });

  it('goes on beyond the rows and slices that a launch can have', async () => {
    const source = createImage(
      createGrid({ size: [4, 4, 4] }),
      Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
    );
    await using backend = await createCuda();
    await using prepared = await backend.prepare(operationOf(source));
    const rows = 530_000; // 65 535 blocks of 8 threads are 524 280
    const squeeze = affineMap([1, 0, 0, 0.25, 0, 3 / rows, 0, 0, 0, 0, 1, 0.5]);
    const { data } = await prepared.run(squeeze, { samples: { size: [1, rows, 2] } });
    const last = { samples: { size: [1, 1000, 2], start: [0, rows - 1000, 0] } };
    const { data: expected } = await prepared.run(squeeze, last);
    for (const k of [0, 1])
      assert.deepEqual(
        data.subarray((k + 1) * rows - 1000, (k + 1) * rows),
        expected.subarray(k * 1000, (k + 1) * 1000),
      );
  });

  it('lies at index 2048 as exactly as at 0', async () => {
    // A ramp of slope 1 that is 0 at the index shows where it was sampled.
    const ramp = (from: number): Image =>
      createImage(
        createGrid({ size: [4096, 2, 2] }),
        Float32Array.from({ length: 4 * 4096 }, (_, i) => (i % 4096) - from),
      );
    await using backend = await createCuda();
    const errorAt = async (index: number): Promise<number> => {
      await using prepared = await backend.prepare(operationOf(ramp(index)));
      let worst = 0;
      for (let k = 1; k < 200; k++) {
        const shift = (k * Math.SQRT2) % 1;
        const map = affineMap([1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 1, 0]);
        const run = { samples: { size: [1, 1, 1], start: [index, 0, 0] } };
        worst = Math.max(worst, Math.abs((await prepared.run(map, run)).data[0] - shift));
      }
      return worst;
    };
    // Half a step of the fraction, 2^-25, and the sums' 2^-25.
    const STATED = 2 ** -24;
    for (const index of [0, 2048]) {
      const error = await errorAt(index);
      assert.ok(error <= STATED, `${error} at ${index}`);
    }
  });
});
