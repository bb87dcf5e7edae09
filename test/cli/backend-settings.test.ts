import assert from 'node:assert/strict';
import { divideOptions } from '#host/cli/backend-settings.js';
import { manifestOf } from '../support/manifest-builder.js';
import { runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

describe('--option of a backend', () => {
  const manifest = manifestOf({
    name: 'my-gpu',
    permissions: { env: ['VOXHOST_MY_GPU_DEVICE', 'VOXHOST_OTHER_DEVICE', 'PATH'] },
  });

  it('is a variable of its name that the manifest lets it see', () => {
    const options = { device: 1, bins: 32, other: 'x', path: '/' };
    assert.deepEqual(divideOptions(options, manifest), {
      variables: { VOXHOST_MY_GPU_DEVICE: '1' },
      own: { bins: 32, other: 'x', path: '/' },
    });
  });

  it('is none of a backend that is not there', () => {
    assert.deepEqual(divideOptions({ device: 1 }, undefined), {
      variables: {},
      own: { device: 1 },
    });
  });

  it('is refused where it is no setting, or no backend is named, and nothing is written', async () => {
    await using folder = await scratchFolder();
    assert.equal((await runVoxhost(['phantom', 'in.nii'], folder.path)).exitCode, 0);
    const line = ['resample', 'in.nii', 'out.nii', '--spacing', '9', '--option', 'device=1'];
    const without = await runVoxhost(line, folder.path);
    assert.equal(without.exitCode, 2, without.err);
    assert.match(without.err, /--option device: name the one backend/);
    const wrong = await runVoxhost([...line, '--backend', 'cpu'], folder.path);
    assert.equal(wrong.exitCode, 2, wrong.err);
    assert.match(wrong.err, /backend "cpu" has no such setting/);
  });
});
