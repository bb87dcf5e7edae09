import assert from 'node:assert/strict';
import {
  affineMap,
  createGrid,
  createImage,
  type Image,
  type IndexMap,
  isVoxhostError,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { type FakeDriver, openFakeDriver, whyNoFakeDriver } from '../../support/fake-driver.js';
import { skipBecause } from '../../support/skip-because.js';
import { createCuda } from './support.js';

const volume = (size: readonly number[], channels = 1): Image => {
  const voxels = channels * size.reduce((product, n) => product * n, 1);
  const data = Int16Array.from({ length: voxels }, (_, i) => (i * 7919) % 2003);
  return createImage(createGrid({ size }), data, channels);
};

const operationOf = (source: Image, changes: Partial<Resample> = {}): Resample => ({
  kind: 'resample',
  source,
  interpolator: 'linear',
  boundary: { kind: 'constant', value: -5 },
  pixelType: 'float32',
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: source.data.length, runs: 1 },
  ...changes,
});

const OBLIQUE = affineMap([0.98, 0.1, 0, 1.5, -0.1, 0.97, 0.05, 3, 0, -0.06, 0.9, 2.25]);

async function expectReference(operation: Resample, map: IndexMap, found: ArrayLike<number>) {
  await using reference = createReference();
  await using prepared = await reference.prepare(operation);
  const { data } = await prepared.run(map, { samples: { size: operation.source.grid.size } });
  let worst = 0;
  for (const [i, value] of data.entries()) worst = Math.max(worst, Math.abs(value - found[i]));
  assert.ok(worst <= 2e-6 * 2003, `${worst}`); // what capabilities.ts states, of the largest value
}

describe('a volume that a CUDA device has no room for', () => {
  let driver: FakeDriver;

  before(function () {
    this.timeout(60_000); // the first suite builds the fake driver
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    driver = openFakeDriver();
  });

  it('goes there slab by slab, and comes out as the reference has it', async () => {
    const source = volume([40, 36, 64], 2);
    const operation = operationOf(source);
    const before = driver.counts().held;
    await using backend = await createCuda({ MEMORY: source.data.byteLength / 2 });
    await using prepared = await backend.prepare(operation);
    assert.equal(driver.counts().held, before);
    const { data } = await prepared.run(OBLIQUE, { samples: { size: [40, 36, 64] } });
    await expectReference(operation, OBLIQUE, data);
  });

  it('is refused where every run needs the whole of it, by name of the axis', async () => {
    const source = volume([64, 64, 32]);
    await using backend = await createCuda({ MEMORY: 2 ** 17 });
    const demand = { samples: 'grid', perRun: 1000, runs: 1 } as const;
    for (const operation of [
      operationOf(source, { interpolator: 'bspline3' }),
      operationOf(source, { demand: { ...demand, maps: ['field-3'] } }),
    ]) {
      const support = backend.supports(operation);
      assert.ok(!support.ok && support.axis === 'memory', JSON.stringify(support));
      await assert.rejects(backend.prepare(operation), (e) => isVoxhostError(e, 'UNSUPPORTED'));
    }
  });
});

describe('an output on a CUDA device', () => {
  before(function () {
    this.timeout(60_000); // the first suite builds the fake driver
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
  });

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
    // Half a step of the fraction, and of the float32 that holds it: 2^-33 + 2^-25, and the sums' 2^-25.
    const STATED = 2 ** -33 + 2 ** -24;
    for (const index of [0, 2048]) {
      const error = await errorAt(index);
      assert.ok(error <= STATED, `${error} at ${index}`);
    }
  });
});
