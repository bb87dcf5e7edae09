import assert from 'node:assert/strict';
import {
  affineMap,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type Resample,
} from '@voxhost/sdk';
import { STEP } from '#cuda/parameters.js';
import { type FakeDriver, requireFakeDriver } from '../../support/fake-driver.js';
import { linearResample } from '../../support/operations.js';
import { createCuda } from './support.js';

const SIZE = [20, 18, 16];
const VOXELS = 20 * 18 * 16;

const volume = (): Image =>
  createImage(
    createGrid({ size: SIZE }),
    Float32Array.from({ length: VOXELS }, (_, i) => Math.sin(i / 7)),
  );

const operationOf = (source: Image, changes: Partial<Resample> = {}): Resample =>
  linearResample(source, {
    demand: { maps: ['affine'], samples: 'grid', perRun: VOXELS, runs: 50 },
    ...changes,
  });

const IDENTITY = affineMap(Float64Array.of(1, 0, 0, 0.25, 0, 1, 0, 0, 0, 0, 1, 0));
const LATTICE = [7, 7, 7];
const COEFFICIENTS = 3 * 7 ** 3;

/** A free-form deformation whose coefficients are its own. */
const freeForm = (step: number) =>
  fieldMap({
    lookup: Float64Array.of(0.2, 0, 0, 1, 0, 0.2, 0, 1, 0, 0, 0.2, 1),
    lattice: {
      size: LATTICE,
      order: 3,
      outside: 'zero',
      data: Float32Array.from({ length: COEFFICIENTS }, (_, i) => Math.cos(i * step) / 2),
    },
  });

describe('what stays on a CUDA device', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  it('is the image: 50 free-form runs upload their coefficients, and the numbers of one step', async () => {
    await using backend = await createCuda();
    const operation = operationOf(volume(), {
      demand: { maps: ['field-3'], samples: 'grid', perRun: VOXELS, runs: 50 },
    });
    await using prepared = await backend.prepare(operation);
    const before = driver.counts();
    for (let n = 1; n <= 50; n++) await prepared.run(freeForm(n), { samples: { size: SIZE } });
    const after = driver.counts();
    assert.equal(after.toDevice - before.toDevice, 50 * (4 * COEFFICIENTS + STEP.bytes));
    assert.equal(after.toHost - before.toHost, 50 * 4 * VOXELS);
  });

  it('is a lattice: under its identity it is uploaded once', async () => {
    await using backend = await createCuda();
    await using prepared = await backend.prepare(operationOf(volume()));
    const before = driver.counts().toDevice;
    const map = freeForm(1);
    for (let n = 0; n < 5; n++) await prepared.run(map, { samples: { size: SIZE } });
    assert.equal(driver.counts().toDevice - before, 4 * COEFFICIENTS + 5 * STEP.bytes);
  });

  it('is an image that was let go, for whoever prepares it again', async () => {
    await using backend = await createCuda();
    const operation = operationOf(volume());
    const before = driver.counts().toDevice;
    for (let n = 0; n < 3; n++) {
      await using prepared = await backend.prepare(operation);
      await prepared.run(IDENTITY, { samples: { size: [2, 2, 2] } });
    }
    assert.equal(driver.counts().toDevice - before, 4 * VOXELS);
  });

  it('is a B-spline: computed once for every Prepared of the same image', async () => {
    await using backend = await createCuda();
    const operation = operationOf(volume(), {
      interpolator: 'bspline3',
      boundary: { kind: 'mirror' },
    });
    await using one = await backend.prepare(operation);
    const { launches } = driver.counts();
    await using other = await backend.prepare(operation);
    assert.equal(driver.counts().launches, launches);
    const run = { samples: { size: [3, 3, 3] } };
    assert.deepEqual((await one.run(IDENTITY, run)).data, (await other.run(IDENTITY, run)).data);
  });

  it('is nothing once the backend is disposed', async () => {
    const before = driver.counts().held;
    {
      await using backend = await createCuda();
      await using prepared = await backend.prepare(operationOf(volume()));
      await prepared.run(freeForm(1), { samples: { size: SIZE } });
      await prepared.run(freeForm(2), { samples: { points: Float64Array.of(1, 2, 3) } });
      assert.ok(driver.counts().held > before);
    }
    assert.equal(driver.counts().held, before);
  });

  it('lies idle on a quarter of the device, no more', async () => {
    const upload = 4 * VOXELS;
    await using backend = await createCuda({ MEMORY: 8 * upload });
    const before = driver.counts().held;
    for (const image of [volume(), volume(), volume(), volume()]) {
      await using _prepared = await backend.prepare(operationOf(image));
    }
    assert.equal(driver.counts().held - before, 2 * upload);
  });

  it('makes room when it is idle: the longest unused goes first', async () => {
    const upload = 4 * VOXELS;
    // A quarter of the device may lie idle: four such images. Three and a half are free.
    await using backend = await createCuda({ MEMORY: 16 * upload, FREE: 3.5 * upload });
    const images = [volume(), volume(), volume(), volume()];
    const counts: number[] = [];
    for (const at of [0, 1, 2, 3, 3, 0]) {
      const before = driver.counts().toDevice;
      await using _prepared = await backend.prepare(operationOf(images[at]));
      counts.push(driver.counts().toDevice - before);
    }
    assert.deepEqual(counts, [upload, upload, upload, upload, 0, upload]);
  });
});
