import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compiledPtx, fakeDriver, whyNoFakeDriver } from '../../support/fake-driver.js';
import { start } from '../../support/run-voxhost.js';
import { scratchFolder } from '../../support/scratch.js';
import { skipBecause } from '../../support/skip-because.js';

describe('scripts/gpu-check', function () {
  this.timeout(60_000);

  const check = async (out: string, driver: string) => {
    await using folder = await scratchFolder();
    const argv = ['--driver-library', driver, '--size', '8', '--out', join(folder.path, out)];
    const skip = ['--skip', 'conformance,golden,torch'];
    const command = [resolve('scripts/gpu-check.mjs'), ...argv, ...skip];
    const ended = await start(process.execPath, command, folder.path).ended;
    const file = join(folder.path, out);
    return { ...ended, results: existsSync(file) ? readFileSync(file, 'utf8') : undefined };
  };

  before(function () {
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    if (compiledPtx() === undefined) skipBecause(this, 'nvcc is not here');
  });

  it('runs on a driver that is named, and writes what it found under the name of the device', async () => {
    const { exitCode, err, results } = await check('found.json', fakeDriver());
    assert.equal(exitCode, 0, err);
    const { device, benchmark, metricsMs } = JSON.parse(results ?? '{}');
    assert.equal(device.name, 'Fake device 0');
    assert.ok(benchmark.copyGBs > 0);
    assert.ok(benchmark.kernels.length >= 5);
    assert.ok(metricsMs['mean-squares'] > 0);
    for (const { nsPerVoxel } of benchmark.kernels) assert.ok(nsPerVoxel > 0);
  });

  it('says what is missing where there is no driver, and writes nothing', async () => {
    const { exitCode, err, results } = await check('none.json', '/nowhere/libcuda.so.1');
    assert.notEqual(exitCode, 0);
    assert.match(err, /missing-hardware: the driver's library \/nowhere\/libcuda\.so\.1/);
    assert.equal(results, undefined);
  });
});
