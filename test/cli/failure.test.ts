import assert from 'node:assert/strict';
import { VoxhostError } from '@voxhost/sdk';
import { HostError } from 'voxhost';
import { failureOf } from '#host/cli/failure.js';
import { oneLine } from '#host/cli/one-line.js';
import { Interrupted } from '#host/cli/terminal.js';

describe('what the command line makes of an error', () => {
  it('a bad file is 3, with its name and the remedy in one line', () => {
    const error = new HostError('BAD_FILE', {
      path: 'head.nii',
      reason: 'pixdim[1] is NaN',
      remedy: 'write the file again',
    });
    assert.deepEqual(failureOf(error), {
      exitCode: 3,
      code: 'BAD_FILE',
      message: 'head.nii: pixdim[1] is NaN; write the file again',
    });
  });

  it('usage is 2, no backend 4, failed backends 5', () => {
    const codes = [
      new HostError('USAGE', { reason: 'no' }),
      new HostError('NO_BACKEND', { operation: 'resample', reason: 'none', remedy: 'install one' }),
      new HostError('BACKENDS_FAILED', { operation: 'resample', attempts: 'cpu' }),
    ].map((error) => failureOf(error).exitCode);
    assert.deepEqual(codes, [2, 4, 5]);
  });

  it("the contract's errors have exit codes too, from whatever copy of the sdk", () => {
    const error = new VoxhostError('OUT_OF_MEMORY', { backend: 'cuda', bytes: 1 });
    const foreign = { code: error.code, fields: error.fields, message: error.message };
    assert.equal(failureOf(error).exitCode, 5);
    assert.deepEqual(failureOf(foreign), failureOf(error));
  });

  it('an interrupt ends as shells expect', () => {
    assert.equal(failureOf(new Interrupted(130)).exitCode, 130);
    assert.equal(failureOf(new Interrupted(143)).exitCode, 143);
  });

  it('whatever else is thrown is an error of ours', () => {
    for (const thrown of [new TypeError('x is undefined'), 'text', undefined, null, 7, {}]) {
      assert.deepEqual(
        [failureOf(thrown).exitCode, failureOf(thrown).code],
        [1, 'INTERNAL'],
        String(thrown),
      );
    }
  });

  it('a message is one line that moves no cursor', () => {
    assert.equal(oneLine('a\n b\r\nc\u001b[2Jd'), 'a; b; c\\x1b[2Jd');
  });
});
