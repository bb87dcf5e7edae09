import assert from 'node:assert/strict';
import { affineMap, createGrid, createImage, type Image, isVoxhostError } from '@voxhost/sdk';
import { type FakeDriver, needsFakeDriver, requireFakeDriver } from '../../support/fake-driver.js';
import { linearResample } from '../../support/operations.js';
import { createCuda } from './support.js';

const IDENTITY = affineMap(Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));

const volume = (size: readonly number[]): Image => {
  const voxels = size.reduce((product, n) => product * n, 1);
  return createImage(
    createGrid({ size }),
    Float32Array.from({ length: voxels }, (_, i) => i % 251),
  );
};

describe('failures of a CUDA driver', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  beforeEach(() => driver.reset());
  afterEach(() => driver.reset());

  it('name what was found and what is needed', async () => {
    await assert.rejects(
      createCuda({ VERSION: 9020 }),
      /driver-too-old: the driver runs CUDA 9\.2, the kernels need CUDA 10\.0/,
    );
    await assert.rejects(createCuda({ DEVICES: 0 }), /missing-hardware: .*CUDA_ERROR_NO_DEVICE/);
    await assert.rejects(
      createCuda({ CAPABILITY: 61 }),
      /missing-hardware: .*Fake device 0 \(6\.1\)/,
    );
    await assert.rejects(createCuda({ INIT: 803 }), /driver-too-old: /);
  });

  it('name the library that is not there', async () => {
    await assert.rejects(
      createCuda({}, { VOXHOST_CUDA_DRIVER: '/nowhere/libcuda.so.1' }),
      /missing-hardware: the driver's library \/nowhere\/libcuda\.so\.1 cannot be used/,
    );
  });

  it('of memory make the blocks of an output smaller, and the result is the same', async () => {
    const image = volume([256, 128, 64]); // 8 MiB
    const room = image.data.byteLength + 2 ** 23; // two blocks of 4 MiB and not of 8
    await using backend = await createCuda({ MEMORY: room });
    await using prepared = await backend.prepare(linearResample(image));
    const { launches } = driver.counts();
    const { data } = await prepared.run(IDENTITY, { samples: { size: [256, 128, 64] } });
    assert.ok(driver.counts().launches - launches >= 2);
    assert.deepEqual(data, image.data);
  });

  it('of memory that nothing smaller helps reject with OUT_OF_MEMORY, and later calls work', async () => {
    const image = volume([32, 32, 32]);
    const spline = { interpolator: 'bspline3', boundary: { kind: 'mirror' } } as const;
    for (const operation of [linearResample(image), { ...linearResample(image), ...spline }]) {
      driver.reset();
      await using backend = await createCuda({ OOM_AT: 1, OOM_COUNT: 60 });
      await using prepared = await backend.prepare(operation);
      const run = { samples: { size: [32, 32, 32] } };
      await assert.rejects(
        prepared.run(IDENTITY, run),
        (error) => isVoxhostError(error, 'OUT_OF_MEMORY') && error.fields.bytes === 2 ** 17,
      );
      driver.reset();
      process.env['FAKE_CUDA_OOM_AT'] = '0';
      const { data } = await prepared.run(IDENTITY, run);
      const far = image.data.findIndex((value, i) => Math.abs(value - data[i]) > 1e-3);
      assert.equal(far, -1);
    }
  });

  it('that lose the device reject with BACKEND_FAILED, then and in every later call', async () => {
    const image = volume([16, 16, 16]);
    const backend = await createCuda({ LOST_AT: 2 });
    const prepared = await backend.prepare(linearResample(image));
    const run = { samples: { size: [16, 16, 16] } };
    await prepared.run(IDENTITY, run);
    const lost = (error: unknown) =>
      isVoxhostError(error, 'BACKEND_FAILED') &&
      /CUDA_ERROR_LAUNCH_FAILED/.test(error.fields.reason);
    await assert.rejects(prepared.run(IDENTITY, run), lost);
    await assert.rejects(prepared.run(IDENTITY, run), lost);
    await assert.rejects(backend.prepare(linearResample(volume([4, 4, 4]))), lost);
    await prepared[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });
});

describe('the choice among several CUDA devices', () => {
  needsFakeDriver();

  it('is the one with most free memory, unless the user names another', async () => {
    const settings = { DEVICES: 3, FREE: '1000000,9000000,2000000' };
    const logs: string[] = [];
    const note = (text: string) => void logs.push(text);
    await using _free = await createCuda(settings, {}, note);
    await using _named = await createCuda(settings, { VOXHOST_CUDA_DEVICE: '2' }, note);
    assert.deepEqual(
      logs.map((text) => /Fake device \d/.exec(text)?.[0]),
      ['Fake device 1', 'Fake device 2'],
    );
    await assert.rejects(
      createCuda(settings, { VOXHOST_CUDA_DEVICE: '3' }),
      /VOXHOST_CUDA_DEVICE=3 names no device .* there is 3 device/,
    );
  });
});
