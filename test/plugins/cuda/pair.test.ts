import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  createGrid,
  createImage,
  type Image,
  type Measured,
  type Metric,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { type FakeDriver, requireFakeDriver } from '../../support/fake-driver.js';
import { linearMetric } from '../../support/operations.js';
import { pairTrials } from './pair-trials.js';
import { createCuda } from './support.js';

const MOMENTS = ['mean-squares', 'normalized-correlation'];
const METRICS = [...MOMENTS, 'mattes-mutual-information'];
const SIZE = [34, 10, 70];
const VOXELS = 34 * 10 * 70;

const volume = (value: (i: number) => number): Image =>
  createImage(
    createGrid({ size: SIZE }),
    Float32Array.from({ length: VOXELS }, (_, i) => value(i)),
  );

const metricOf = (name: string, changes?: Partial<Metric>): Metric => {
  const fixed = volume((i) => 40 * Math.sin(i / 9) + (i % 13));
  const moving = volume((i) => 40 * Math.sin(i / 9 + 0.4) + (i % 11));
  return linearMetric(name, { fixed, moving }, changes);
};

const TURN = affineMap([0.99, 0.05, 0, 0.3, -0.05, 0.98, 0.02, 1.2, 0, -0.02, 1.01, -0.4]);

/** Sums of 24 000 products in another order: √n · 2^-53 of the largest, and what the means cancel. */
const RELATIVE = 1e-11;

/** Of Mattes: a cell that samples hardly touch has the logarithm of a weight of few of the 36 digits that a block counts. */
const OF_LOGARITHMS = 1e-9;

function expectClose(
  found: Measured,
  right: Measured,
  relative = RELATIVE,
  ofSlopes = relative,
): void {
  assert.equal(found.samples, right.samples);
  const near = (a: number, b: number, size: number, by = relative): void =>
    assert.ok(Object.is(a, b) || Math.abs(a - b) <= by * size, `${a}, ${b}`);
  near(found.value, right.value, Math.abs(right.value));
  const derivative = right.derivative ?? new Float64Array();
  assert.equal(found.derivative?.length, right.derivative?.length);
  const largest = derivative.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  for (const [p, each] of derivative.entries())
    near(found.derivative?.[p] ?? Number.NaN, each, largest, ofSlopes);
}

async function measure(backend: Backend, operation: Metric, map = TURN): Promise<Measured> {
  await using prepared = await backend.prepare(operation);
  return await prepared.run(map, { derivative: operation.derivative });
}

describe('volumes that a CUDA device compares in one pass', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  for (const { name, operation, map } of pairTrials(METRICS))
    it(`have the reference's figures and slopes: ${name}`, async () => {
      await using backend = await createCuda();
      const found = await measure(backend, operation, map);
      const right = await measure(createReference(), operation, map);
      assert.ok(right.samples > 1000);
      expectClose(
        found,
        right,
        RELATIVE,
        MOMENTS.includes(operation.name) ? RELATIVE : OF_LOGARITHMS,
      );
    });

  for (const name of MOMENTS)
    it(`take two launches a run and leave no value of a sample: ${name}`, async () => {
      await using backend = await createCuda();
      await using prepared = await backend.prepare(metricOf(name));
      const found = await prepared.run(TURN, { derivative: true });
      const before = driver.counts();
      assert.deepEqual(await prepared.run(TURN, { derivative: true }), found);
      const after = driver.counts();
      assert.equal(after.launches - before.launches, 2);
      assert.equal(after.toDevice, before.toDevice);
      // The sums of two chunks along each axis, by which many float64.
      assert.ok(after.toHost - before.toHost <= 8 * 8 * 42);
      const { derivative: _, ...value } = found;
      const without = await prepared.run(TURN, { derivative: false });
      assert.deepEqual({ ...without, value: 0, details: 0 }, { ...value, value: 0, details: 0 });
      assert.ok(Math.abs(without.value - found.value) <= RELATIVE * Math.abs(found.value));
    });

  it('keep their digits where values lie far from what they are less', async () => {
    await using backend = await createCuda();
    // The mean of a few voxels amid the background says nothing of the voxels in the mask.
    const inside = (i: number): boolean => i % 100 === 50;
    const values = (phase: number) => volume((i) => (inside(i) ? 5000 + Math.sin(i + phase) : 0));
    const mask = createImage(
      createGrid({ size: SIZE }),
      Uint8Array.from({ length: VOXELS }, (_, i) => (inside(i) ? 1 : 0)),
    );
    const images = { fixed: values(0), moving: values(0.4), fixedMask: mask };
    const operation = metricOf('normalized-correlation', images);
    const identity = affineMap([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    // Deviations are 1 of 5000, of which squares lose twice as many digits.
    const relative = 1e-9;
    const right = await measure(createReference(), operation, identity);
    expectClose(await measure(backend, operation, identity), right, relative);
  });

  it('have no correlation where one is constant, of whatever value', async () => {
    await using backend = await createCuda();
    const constant = volume(() => 12345.678);
    for (const name of ['normalized-correlation', 'mattes-mutual-information'])
      for (const side of ['fixed', 'moving']) {
        const found = await measure(backend, metricOf(name, { [side]: constant }));
        assert.equal(found.value, 0);
        assert.ok(found.samples > 1000);
        assert.ok(found.derivative?.every((each) => each === 0));
      }
  });

  it('have no figure where they do not meet', async () => {
    await using backend = await createCuda();
    const away = affineMap([1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0]);
    for (const name of METRICS) {
      const found = await measure(backend, metricOf(name), away);
      assert.deepEqual(found, await measure(createReference(), metricOf(name), away));
    }
  });

  it('have the same bits in parts, masked and of other types', async () => {
    for (const { operation, map } of pairTrials(METRICS, 400).filter((_, n) => n % 3 === 0)) {
      const launches: number[] = [];
      const results: Measured[] = [];
      for (const MEMORY of [2 ** 30, 1_000_000]) {
        await using backend = await createCuda({ MEMORY });
        const before = driver.counts().launches;
        results.push(await measure(backend, operation, map));
        launches.push(driver.counts().launches - before);
      }
      assert.ok(launches[1] > launches[0], `${launches}`);
      assert.deepEqual(results[1], results[0]);
    }
  });
});
