import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { parseDevices, parseDriverVersion, visibleDevices } from '#host/compatibility/nvidia.js';
import { readDevices } from '#host/compatibility/read-nvidia.js';
import { skipBecause } from '../support/skip-because.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('NVIDIA’s own words', () => {
  it('the driver’s version, of either kernel module', () => {
    const closed =
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.124.06  Wed Feb 26 02:17:13 UTC 2025\nGCC version: gcc 12.2.0\n';
    const open =
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (root@host)\n';
    assert.equal(parseDriverVersion(closed), '570.124.06');
    assert.equal(parseDriverVersion(open), '580.65.06');
    assert.equal(parseDriverVersion('something else 1.2'), undefined);
  });

  const answer = [
    '0, GPU-aaaa, NVIDIA H200, 9.0, 143771, 143000, Default, Disabled',
    '1, GPU-bbbb, NVIDIA A100, 8.0, 40960, 40000, Prohibited, Enabled',
    '2, GPU-cccc, Old GPU, [N/A], [N/A], [N/A], Default, [N/A]',
  ].join('\n');

  it('devices', () => {
    assert.deepEqual(
      parseDevices(answer).map(({ name, computeCapability, memoryMiB, busy }) => [
        name,
        computeCapability,
        memoryMiB,
        busy,
      ]),
      [
        ['NVIDIA H200', '9.0', 143771, undefined],
        ['NVIDIA A100', '8.0', undefined, 'its compute mode is Prohibited'],
        ['Old GPU', undefined, undefined, undefined],
      ],
    );
  });

  it('are no devices where the tool prints an error with exit code 0, or nothing', () => {
    const failure = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.";
    for (const text of ['', failure, 'No devices were found', '1, 2', 'a,b,c,d,e,f,g,h'])
      assert.deepEqual(parseDevices(text), [], text);
  });

  it('a device in exclusive mode is busy while some process computes on it', () => {
    const line = '0, GPU-aaaa, NVIDIA H200, 9.0, 143771, 9000, Exclusive_Process, Disabled';
    const busy = (...users: readonly string[]) => parseDevices(line, new Set(users))[0]?.busy;
    assert.equal(busy(), undefined);
    assert.equal(busy('GPU-bbbb'), undefined);
    assert.match(String(busy('GPU-aaaa')), /^another process computes on it/);
  });

  it('the user’s selection, in order, up to what names no device', () => {
    const names = (selection: string | undefined) =>
      visibleDevices(parseDevices(answer), selection).map(({ index }) => index);
    assert.deepEqual(names(undefined), ['0', '1', '2']);
    assert.deepEqual(names('2,0'), ['2', '0']);
    assert.deepEqual(names('1,7,0'), ['1']);
    assert.deepEqual(names('GPU-bb'), ['1']);
    for (const none of ['', '-1', 'NoDevFiles']) assert.deepEqual(names(none), [], none);
  });
});

describe('the driver’s tool, as a program', () => {
  const isReal = ['/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'].some(existsSync);
  const { PATH, CUDA_VISIBLE_DEVICES } = process.env;
  afterEach(() => {
    process.env['PATH'] = PATH;
    if (CUDA_VISIBLE_DEVICES !== undefined)
      process.env['CUDA_VISIBLE_DEVICES'] = CUDA_VISIBLE_DEVICES;
  });

  /** What is known of devices where a driver is there and its tool is this script; without one there is no tool. */
  function asked(test: Mocha.Context, script?: string) {
    if (process.platform === 'win32') skipBecause(test, 'the tool is a shell script here');
    if (isReal) skipBecause(test, 'the real tool is there, and found first');
    using folder = temporaryFolder();
    if (script !== undefined)
      chmodSync(folder.write('nvidia-smi', `#!/bin/sh\n${script}\n`), 0o755);
    process.env['PATH'] = `${folder.path}:relative::${script === undefined ? '/nowhere' : PATH}`;
    delete process.env['CUDA_VISIBLE_DEVICES'];
    return readDevices({ nvidia: '580.65' }, true);
  }
  const line = '0, GPU-a, H200, 9.0, 143771, 143000, Default, Disabled';

  it('that is absent, fails, or is no program: nobody knows', function () {
    assert.equal(asked(this), undefined);
    assert.deepEqual(asked(this, 'echo "Failed to initialize NVML" >&2; exit 9'), []);
  });
  it('that prints an error or no devices with exit code 0: there are none', function () {
    assert.deepEqual(asked(this, 'echo "NVIDIA-SMI has failed because it could not ..."'), []);
    assert.deepEqual(asked(this, 'echo "No devices were found"'), []);
    assert.deepEqual(asked(this, 'head -c 300000 /dev/zero'), []);
  });
  it('that answers', function () {
    assert.deepEqual(
      asked(this, `echo "${line}"`)?.map(({ name }) => name),
      ['H200'],
    );
  });
  it('that is asked who computes, where a device takes one process', function () {
    const exclusive = line.replace('Default', 'Exclusive_Process');
    const script = `case "$1" in *compute-apps*) echo GPU-a;; *) echo "${exclusive}";; esac`;
    assert.match(String(asked(this, script)?.[0]?.busy), /another process/);
  });
  it('that hangs, with a child that holds its output: it is killed, and nobody knows', function () {
    this.timeout(20_000);
    assert.equal(asked(this, 'trap "" TERM; sleep 30 & wait; sleep 30'), undefined);
  });
});
