import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { affineMap, createGrid, createImage } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { type CudaFolder, cudaFolder } from '../support/cuda-folder.js';
import { fakeSettings, whyNoFakeDriver } from '../support/fake-driver.js';
import { linearResample } from '../support/operations.js';
import { ownState } from '../support/own-state.js';
import { type Ended, runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';
import { skipBecause } from '../support/skip-because.js';

/** A new user's host has the plugins of this list and no others. */
const ONLY_CPU = { VOXHOST_PLUGIN_SELECT: 'org.voxhost.cpu' };
const WITH_CUDA = { VOXHOST_PLUGIN_SELECT: 'org.voxhost.cpu,org.voxhost.cuda' };
/** A machine without a driver, also where these tests run on one with. */
const NO_DRIVER = { VOXHOST_CUDA_DRIVER: '' };

const RESAMPLE = ['resample', 'head.nii', 'out.nii', '--spacing', '6,6,6', '--json'];
const LARGE = ['explain', 'resample', 'head.nii', 'out.nii', '--size', '800'];

interface Answer {
  readonly provenance: {
    readonly backend: string;
    readonly attempts: readonly { backend: string; outcome: string; error?: { code: string } }[];
  };
}

const answerOf = ({ exitCode, out, err }: Ended): Answer => {
  assert.equal(exitCode, 0, err);
  return JSON.parse(out);
};

/** Addresses of the scripts that a command line loads: what start-up costs, without a clock. */
async function scriptsOf(argv: readonly string[], cwd: string, env: Record<string, string>) {
  const coverage = join(cwd, `coverage-${Math.random()}`);
  const ended = await runVoxhost(argv, cwd, { env: { ...env, NODE_V8_COVERAGE: coverage } });
  assert.equal(ended.exitCode, 0, ended.err);
  const reports = readdirSync(coverage).map((name) =>
    JSON.parse(readFileSync(join(coverage, name), 'utf8')),
  );
  return reports
    .flatMap(({ result }) => result.map(({ url }: { url: string }) => url))
    .filter((url) => url.startsWith('file:'))
    .sort();
}

describe('the cuda plugin, tried as a new user would', function () {
  this.timeout(120_000);
  let packed: CudaFolder;
  let home: Awaited<ReturnType<typeof scratchFolder>>;
  const run = (argv: readonly string[], env: Readonly<Record<string, string>>) =>
    runVoxhost(argv, home.path, { env: { ...env } });

  before(async function () {
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    packed = await cudaFolder();
    home = await scratchFolder();
    assert.equal((await run(['phantom', 'head.nii'], ONLY_CPU)).exitCode, 0);
  });

  after(async () => {
    packed?.[Symbol.dispose]();
    await home?.[Symbol.asyncDispose]();
  });

  const volume = (name: string): Buffer => readFileSync(join(home.path, name));

  it('first has a host with the CPU alone', async () => {
    const { provenance } = answerOf(await run(RESAMPLE, { ...ONLY_CPU, ...NO_DRIVER }));
    assert.equal(provenance.backend, 'cpu');
  });

  it('installs it on a machine without a driver: a verdict, the same answers, nothing more to load', async () => {
    const env = { ...WITH_CUDA, ...NO_DRIVER };
    const before = volume('out.nii');
    const scripts = await scriptsOf(['plugins', 'list'], home.path, { ...ONLY_CPU, ...NO_DRIVER });
    const installed = await run(['plugins', 'install', packed.path], env);
    assert.equal(installed.exitCode, 0, installed.err);

    const listed = await run(['plugins', 'list'], env);
    assert.equal(listed.exitCode, 0, listed.err);
    assert.match(listed.out, /cuda +org\.voxhost\.cuda +0\.1\.0 +missing-hardware +user/);
    assert.deepEqual(await scriptsOf(['plugins', 'list'], home.path, env), scripts);

    const { provenance } = answerOf(await run(RESAMPLE, env));
    assert.equal(provenance.backend, 'cpu');
    assert.deepEqual(volume('out.nii'), before);

    const required = await run([...RESAMPLE, '--backend', 'cuda'], env);
    assert.equal(required.exitCode, 4, required.err);
    assert.match(required.err, /missing-hardware.*driver nvidia 410\.48 or newer/);
  });

  it('hears of a driver that is too old what was found and what is needed', async () => {
    const old = { VOXHOST_CUDA_DRIVER: packed.driver({}, '390.116').VOXHOST_CUDA_DRIVER };
    const { exitCode, err } = await run([...RESAMPLE, '--backend', 'cuda'], {
      ...WITH_CUDA,
      ...old,
    });
    assert.equal(exitCode, 4, err);
    assert.match(err, /driver-too-old.*410\.48.*390\.116/);
  });

  it('hears of a driver without a device when it is first needed', async () => {
    const env = { ...WITH_CUDA, ...packed.driver({ DEVICES: 0 }) };
    const { exitCode, err } = await run([...RESAMPLE, '--backend', 'cuda'], env);
    assert.equal(exitCode, 5, err);
    assert.match(err, /missing-hardware.*CUDA_ERROR_NO_DEVICE/);
    assert.equal(
      answerOf(await run([...RESAMPLE, '--backend', 'cuda,cpu'], env)).provenance.backend,
      'cpu',
    );
  });

  it('has it chosen for a large volume and not for a small one, and is told why', async () => {
    const env = { ...WITH_CUDA, ...packed.driver() };
    const large = await run(LARGE, env);
    assert.equal(large.exitCode, 0, large.err);
    assert.match(large.out, /cuda serves; least predicted time: \S+ ms against \S+ ms on cpu/);
    assert.match(large.out, /hint: cpu would be chosen below 0\.\d+ times this size/);
    const small = await run(
      ['explain', 'resample', 'head.nii', 'o.nii', '--spacing', '2,2,2'],
      env,
    );
    assert.match(small.out, /cpu serves; least predicted time/);
    assert.match(small.out, /hint: cuda would be chosen above \d+ times this size/);
    const { provenance } = answerOf(await run([...RESAMPLE, '--backend', 'cuda'], env));
    assert.equal(provenance.backend, 'cuda');
  });

  it('names one of several devices', async () => {
    const env = { ...WITH_CUDA, ...packed.driver({ DEVICES: 2 }) };
    const line = [...RESAMPLE, '--backend', 'cuda', '--option'];
    const { provenance } = answerOf(await run([...line, 'device=1'], env));
    assert.equal(provenance.backend, 'cuda');
    const none = await run([...line, 'device=2'], env);
    assert.notEqual(none.exitCode, 0);
    assert.match(none.err, /VOXHOST_CUDA_DEVICE=2 names no device/);
  });

  it('loses the device in the middle of a run: the output is right, and the provenance says what happened', async () => {
    const cpu = answerOf(await run([...RESAMPLE, '--backend', 'cpu'], WITH_CUDA));
    assert.equal(cpu.provenance.backend, 'cpu');
    const right = volume('out.nii');
    const env = { ...WITH_CUDA, ...packed.driver({ LOST_AT: 1 }) };
    const { provenance } = answerOf(await run([...RESAMPLE, '--backend', 'cuda,cpu'], env));
    assert.deepEqual(
      provenance.attempts.map(({ backend, outcome, error }) => [backend, outcome, error?.code]),
      [
        ['cuda', 'failed', 'BACKEND_FAILED'],
        ['cpu', 'served', undefined],
      ],
    );
    assert.deepEqual(volume('out.nii'), right);
    const alone = await run([...RESAMPLE.with(2, 'other.nii'), '--backend', 'cuda'], env);
    assert.equal(alone.exitCode, 5, alone.err);
    assert.ok(!existsSync(join(home.path, 'other.nii')));
  });
});

describe('a host whose CUDA device is lost', function () {
  this.timeout(60_000);

  it('goes on elsewhere in the call, and recycles the process for the next one', async function () {
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    using packed = await cudaFolder();
    using _state = ownState();
    const driver = packed.driver({ LOST_AT: 2 });
    using _told = fakeSettings({}, { ...driver, VOXHOST_ADD_PLUGIN_PATH: packed.path });
    await using host = await createHost({ log: () => {} });
    const size = [24, 24, 24];
    const source = createImage(
      createGrid({ size }),
      Float32Array.from({ length: 24 ** 3 }, (_, i) => i % 97),
    );
    const operation = linearResample(source, {
      // As a registration asks: so many runs are soonest done on the device.
      demand: { maps: ['affine'], samples: 'grid', perRun: 2 ** 24, runs: 10_000 },
    });
    const identity = affineMap([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    const served: string[] = [];
    for (let n = 0; n < 2; n++) {
      await using prepared = await host.prepare(operation);
      for (let k = 0; k < 2; k++) {
        const { data, provenance } = await prepared.run(identity, { samples: { size } });
        assert.deepEqual(data, source.data);
        served.push(provenance.backend);
      }
    }
    assert.deepEqual(served, ['cuda', 'cpu', 'cuda', 'cpu']);
  });
});
