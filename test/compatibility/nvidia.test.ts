import assert from 'node:assert/strict';
import { parseDevices, parseDriverVersion, visibleDevices } from '#host/compatibility/nvidia.js';

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
    '0, GPU-aaaa, NVIDIA H200, 9.0, 143771, Default, Disabled',
    '1, GPU-bbbb, NVIDIA A100, 8.0, 40960, Prohibited, Enabled',
    '2, GPU-cccc, Old GPU, [N/A], [N/A], Default, [N/A]',
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
    for (const text of ['', failure, 'No devices were found', '1, 2', 'a,b,c,d,e,f,g'])
      assert.deepEqual(parseDevices(text), [], text);
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
