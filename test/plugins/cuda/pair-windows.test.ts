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
import { WINDOW_SIZE, windowTrials } from './pair-trials.js';
import { createCuda } from './support.js';

const VOXELS = WINDOW_SIZE.reduce((n, each) => n * each, 1);
const TURN = affineMap([0.99, 0.05, 0, 0.3, -0.05, 0.98, 0.02, 0.7, 0, -0.02, 1.01, -0.4]);
const IDENTITY = affineMap([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);

/** What the plugin states of this metric. */
const STATED = 1e-8;
/** What each of thousands of windows says of slopes is float32. */
const SLOPES_RELATIVE = 2 ** -24;

const volume = (value: (i: number) => number): Image =>
  createImage(
    createGrid({ size: WINDOW_SIZE }),
    Float32Array.from({ length: VOXELS }, (_, i) => value(i)),
  );

/** The same noise every time, from -1 to 1. */
const noise = (i: number): number => (Math.imul(i + 1, 2654435761) >>> 8) / 2 ** 23 - 1;

const metricOf = (fixed: Image, moving: Image, radius = 2): Metric => ({
  kind: 'metric',
  name: 'local-normalized-correlation',
  options: { radius },
  ...{ fixed, moving },
  fixedInterpolator: 'linear',
  movingInterpolator: 'linear',
  derivative: true,
  demand: { maps: ['affine'], samples: 'grid', perRun: VOXELS, runs: 1 },
});

async function measure(backend: Backend, operation: Metric, map = TURN): Promise<Measured> {
  await using prepared = await backend.prepare(operation);
  return await prepared.run(map, { derivative: true });
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** Of the figure, and of its slopes by their largest. */
async function expectReference(
  operation: Metric,
  { map = TURN, value = STATED, slopes = SLOPES_RELATIVE } = {},
): Promise<Measured> {
  await using backend = await createCuda();
  const found = await measure(backend, operation, map);
  const right = await measure(createReference(), operation, map);
  assert.equal(found.samples, right.samples);
  assert.ok(Math.abs(found.value - right.value) <= value, `${found.value}, ${right.value}`);
  const derivative = right.derivative ?? new Float64Array();
  const by = slopes * largest(derivative);
  for (const [p, each] of derivative.entries()) {
    const one = found.derivative?.[p] ?? Number.NaN;
    assert.ok(Math.abs(one - each) <= by, `${p}: ${one}, ${each}, ${by}`);
  }
  return found;
}

describe('windows of volumes that a CUDA device judges in tiles', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  for (const { name, operation } of windowTrials([0, 1, 2, 4, [2, 0, 1]]))
    it(`say what the reference's do: ${name}`, async () => {
      const { value } = await expectReference(operation);
      assert.ok(value <= 0 && value >= -1);
    });

  it('keep their digits far from 0 and beside edges', async () => {
    // Air, tissue and bone, noise of 10 on each, of values about 1e4.
    const tissue = [-1000, 40, 1200];
    const ct = (salt: number) =>
      volume((i) => 1e4 + tissue[(Math.floor(i / 11) + salt) % 3] + 10 * noise(i + salt * 977));
    await expectReference(metricOf(ct(0), ct(1)));
    await expectReference(metricOf(ct(0), ct(2), 1));
  });

  it('keep them where values differ by the last bits of a float32 only', async () => {
    const faint = (salt: number) => volume((i) => 1e4 + 0.004 * noise(i + salt));
    // Deviations have 53 - 24 bits; windows like these are looked at sample by sample.
    await expectReference(metricOf(faint(0), faint(5)));
  });

  it('say the same of values of any size', async () => {
    const values = (salt: number, scale: number) => volume((i) => scale * (3 + noise(i + salt)));
    await using backend = await createCuda();
    const plain = await measure(backend, metricOf(values(0, 1), values(7, 1)));
    for (const [f, m] of [
      [2 ** 100, 2 ** -90],
      [2 ** -90, 2 ** 100],
    ]) {
      const found = await measure(backend, metricOf(values(0, f), values(7, m)));
      assert.deepEqual(found, plain);
    }
  });

  it('say nothing where an image is constant, of whatever value, and are counted', async () => {
    const half = (constant: number) => volume((i) => (i < VOXELS / 2 ? constant : noise(i)));
    for (const constant of [0, 12345.678]) {
      await expectReference(metricOf(half(constant), volume(noise)));
      await expectReference(metricOf(volume(noise), half(constant)));
    }
    const blank = await expectReference(
      metricOf(
        volume(() => 0.1),
        volume(noise),
      ),
    );
    assert.equal(blank.value, 0);
    assert.ok(blank.samples > 1000);
    assert.ok(blank.derivative?.every((each) => each === 0));
  });

  it('are flat at an image itself', async () => {
    await using backend = await createCuda();
    const image = volume((i) => 1000 + 100 * noise(i));
    const { value, derivative } = await measure(backend, metricOf(image, image), IDENTITY);
    assert.ok(Math.abs(value + 1) < STATED);
    // Every slope cancels but for the rounding of float64.
    assert.ok(largest(derivative ?? [Number.NaN]) < 1e-12, `${derivative}`);
  });

  it('take three launches, and two more for the derivative, and keep their planes', async () => {
    await using backend = await createCuda();
    await using prepared = await backend.prepare(metricOf(volume(noise), volume(Math.sin)));
    const first = await prepared.run(TURN, { derivative: true });
    const before = driver.counts();
    assert.deepEqual(await prepared.run(TURN, { derivative: true }), first);
    const between = driver.counts();
    assert.equal(between.launches - before.launches, 5);
    assert.equal(between.toDevice, before.toDevice);
    const { derivative: _, ...value } = first;
    assert.deepEqual(await prepared.run(TURN, { derivative: false }), value);
    assert.equal(driver.counts().launches - between.launches, 3);
  });

  it('have the same bits in parts, masked and of other types', async () => {
    for (const { operation } of windowTrials([2, [1, 3, 0]], [30, 14, 110])) {
      const launches: number[] = [];
      const results: Measured[] = [];
      for (const MEMORY of [2 ** 30, 1_300_000]) {
        await using backend = await createCuda({ MEMORY });
        const before = driver.counts().launches;
        results.push(await measure(backend, operation));
        launches.push(driver.counts().launches - before);
      }
      assert.ok(launches[1] > launches[0], `${launches}`);
      assert.deepEqual(results[1], results[0]);
    }
  });
});
