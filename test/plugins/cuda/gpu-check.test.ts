import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { goalsOf } from '../../gpu/goals.js';
import { STEPS } from '../../gpu/steps.js';
import { compiledPtx, fakeDriver, whyNoFakeDriver } from '../../support/fake-driver.js';
import { start } from '../../support/run-voxhost.js';
import { scratchFolder } from '../../support/scratch.js';
import { skipBecause } from '../../support/skip-because.js';

const SCRIPT = resolve('scripts/gpu-check.mjs');

describe('scripts/gpu-check', function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof scratchFolder>>;

  before(async function () {
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    if (compiledPtx() === undefined) skipBecause(this, 'nvcc is not here');
    folder = await scratchFolder();
  });
  after(() => folder?.[Symbol.asyncDispose]());

  const check = async (driver: string, skip: string, env: Record<string, string> = {}) => {
    const file = join(folder.path, `${skip.length}.json`);
    const argv = ['--driver-library', driver, '--size', '8', '--out', file, '--skip', skip];
    const ended = await start(process.execPath, [SCRIPT, ...argv], folder.path, { env }).ended;
    const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    return { ...ended, results };
  };

  it('runs on a driver that is named, and writes what it found under the name of the device', async () => {
    const { exitCode, err, results } = await check(fakeDriver(), 'conformance,golden,torch');
    assert.equal(exitCode, 0, err);
    const { device, benchmark, metrics, goals, date } = results;
    assert.equal(device.name, 'Fake device 0');
    assert.ok(Date.parse(date) > 0);
    assert.ok(benchmark.copyGBs > 0);
    assert.ok(benchmark.kernels.length >= 5);
    for (const { nsPerVoxel } of benchmark.kernels) assert.ok(nsPerVoxel > 0);
    assert.ok(metrics['mean-squares'] > 0);
    assert.equal(goals.length, 6);
    assert.match(err, /(met|missed): mean-squares with derivative \/ affine-linear: \d/);
    assert.match(err, /not measured: grid_sample/);
  });

  it('says what is missing where there is no driver, and writes nothing', async () => {
    const { exitCode, err, results } = await check('/nowhere/libcuda.so.1', 'torch');
    assert.equal(exitCode, 4);
    assert.match(err, /missing-hardware: the driver's library \/nowhere\/libcuda\.so\.1/);
    assert.equal(results, undefined);
  });

  it('has the results of the other steps where the device is lost in one', async () => {
    const env = { FAKE_CUDA_LOST_AT: '150' }; // amid the benchmark's launches; the metrics have fewer
    const { exitCode, err, results } = await check(fakeDriver(), 'conformance,golden', env);
    assert.equal(exitCode, 1, err);
    assert.match(results.benchmark.error, /CUDA_ERROR_LAUNCH_FAILED/);
    assert.match(err, /FAILED benchmark: /);
    assert.ok('torch' in results && 'metrics' in results);
  });

  it('is packed in one archive below 60 MB, which runs where there is nothing but a driver', async () => {
    const archive = join(folder.path, 'check.tar.gz');
    const golden = join(folder.path, 'cases');
    mkdirSync(golden);
    writeFileSync(join(golden, 'index.json'), '{}');
    const argv = [SCRIPT, '--pack', archive, '--golden', golden, '--level', '1'];
    const packed = await start(process.execPath, argv, folder.path).ended;
    assert.equal(packed.exitCode, 0, packed.err);
    assert.ok(statSync(archive).size < 60e6);
    const there = join(folder.path, 'there');
    mkdirSync(there);
    assert.equal(spawnSync('tar', ['-xzf', archive, '-C', there]).status, 0);
    assert.ok(existsSync(join(there, 'golden/index.json')));
    const { status, stderr } = spawnSync(
      '/bin/sh',
      [
        ...[join(there, 'run'), '--driver-library', fakeDriver(), '--size', '8'],
        ...['--out', join(there, 'found.json'), '--skip', 'conformance,golden'],
      ],
      { cwd: there, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', HOME: there } },
    );
    assert.equal(status, 0, stderr);
    const found = JSON.parse(readFileSync(join(there, 'found.json'), 'utf8'));
    assert.ok(found.benchmark.kernels.length >= 5);
    assert.equal(found.device.node, process.version);
  });

  it('takes its steps within the ten minutes of a lease, the benchmark first', () => {
    assert.ok(STEPS.reduce((sum, { limitS }) => sum + limitS, 0) <= 600);
    assert.deepEqual(
      STEPS.slice(0, 2).map(({ name }) => name),
      ['device', 'benchmark'],
    );
  });

  it('compares what it found with the goals, as far as it was found', () => {
    const kernels = [{ name: 'affine-linear', ms: 0.5, partOfCopyBandwidth: 0.7 }];
    assert.ok(goalsOf({}).every(({ verdict }) => verdict === 'not measured'));
    const goals = goalsOf({
      benchmark: { size: 512, kernels },
      torch: { gridSampleMs: 0.9 },
      metrics: { 'mean-squares': 0.9, 'mattes-mutual-information': 1.5 },
    });
    assert.deepEqual(
      goals.map(({ found, verdict }) => [found, verdict]),
      [
        [0.7, 'met'],
        [1.8, 'missed'],
        [1.8, 'met'],
        [undefined, 'not measured'],
        [3, 'missed'],
        [undefined, 'not measured'],
      ],
    );
  });
});
