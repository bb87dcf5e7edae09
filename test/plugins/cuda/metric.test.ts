import assert from 'node:assert/strict';
import {
  affineMap,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type Metric,
  pointsMap,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { type FakeDriver, requireFakeDriver } from '../../support/fake-driver.js';
import { linearMetric } from '../../support/operations.js';
import { createCuda } from './support.js';

/** More samples than threads that sum, so that every thread has two. */
const SIZE = [48, 45, 44];
const VOXELS = 48 * 45 * 44;

const wave = (phase: number): Image =>
  createImage(
    createGrid({ size: SIZE }),
    Float32Array.from({ length: VOXELS }, (_, i) => 1000 + 50 * Math.sin(i / 9 + phase)),
  );

const metricOf = (name: string, changes?: Partial<Metric>): Metric =>
  linearMetric(name, { fixed: wave(0), moving: wave(0.4) }, changes);

const TURN = affineMap([0.99, 0.05, 0, 0.3, -0.05, 0.98, 0.02, 1.2, 0, -0.02, 1.01, -0.4]);

/** Sums of 95040 products in another order: √n · 2^-53 of the largest, and what the means cancel. */
const RELATIVE = 1e-11;

function expectClose(found: ArrayLike<number>, right: ArrayLike<number>): void {
  const largest = Array.from(right).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  for (let i = 0; i < right.length; i++)
    assert.ok(
      Math.abs(found[i] - right[i]) <= RELATIVE * largest,
      `${i}: ${found[i]}, ${right[i]}`,
    );
}

describe('metrics on a CUDA device', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  for (const name of ['mean-squares', 'normalized-correlation', 'mattes-mutual-information']) {
    it(`${name}: value and derivative are the reference's, and the same bits again`, async () => {
      await using backend = await createCuda();
      const operation = metricOf(name);
      await using prepared = await backend.prepare(operation);
      await using reference = await createReference().prepare(operation);
      const found = await prepared.run(TURN, { derivative: true });
      const right = await reference.run(TURN, { derivative: true });
      assert.equal(found.samples, right.samples);
      expectClose([found.value], [right.value]);
      expectClose(found.derivative ?? [], right.derivative ?? [Number.NaN]);
      assert.deepEqual(await prepared.run(TURN, { derivative: true }), found);
    });
  }

  it('keep the images there: a second run uploads no image', async () => {
    await using backend = await createCuda();
    await using prepared = await backend.prepare(metricOf('mean-squares'));
    await prepared.run(TURN, { derivative: true });
    const { toDevice, held } = driver.counts();
    await prepared.run(TURN, { derivative: true });
    assert.ok(driver.counts().toDevice - toDevice < 4096); // the steps of two maps
    assert.equal(driver.counts().held, held);
  });

  it('give the derivative by every position', async () => {
    await using backend = await createCuda();
    const operation = metricOf('normalized-correlation', {
      demand: { maps: ['points'], samples: 'points', perRun: 1000, runs: 1 },
    });
    const points = Float64Array.from({ length: 3000 }, (_, i) => 2 + ((i * 37) % 390) / 10);
    const positions = points.map((x, i) => x + Math.sin(i) / 3);
    await using prepared = await backend.prepare(operation);
    await using reference = await createReference().prepare(operation);
    const run = { points, derivative: true };
    const found = await prepared.run(pointsMap(positions), run);
    const right = await reference.run(pointsMap(positions), run);
    expectClose(found.derivative ?? [], right.derivative ?? [Number.NaN]);
  });

  it('give the derivative by a lattice, the same bits whatever the order of threads', async () => {
    await using backend = await createCuda();
    const demand = { maps: ['field-3'], samples: 'grid', perRun: VOXELS, runs: 1 } as const;
    const operation = metricOf('mean-squares', { demand });
    const map = fieldMap({
      lookup: [0.1, 0.01, 0, 1, 0, 0.1, 0, 1, 0, 0, 0.1, 1],
      lattice: {
        size: [8, 8, 7],
        order: 3,
        outside: 'edge',
        data: Float64Array.from({ length: 3 * 448 }, (_, i) => Math.sin(i * 1.3) / 2),
      },
    });
    await using prepared = await backend.prepare(operation);
    await using reference = await createReference().prepare(operation);
    const found = await prepared.run(map, { derivative: true });
    const right = await reference.run(map, { derivative: true });
    expectClose([found.value], [right.value]);
    expectClose(found.derivative ?? [], right.derivative ?? [Number.NaN]);
  });
});
