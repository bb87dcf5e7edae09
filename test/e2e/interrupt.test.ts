import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Running, runVoxhost, startVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

/** Waits until the folder has a file that `wanted` accepts, or the process has ended. */
async function appears(
  folder: string,
  wanted: (name: string) => boolean,
  { child }: Running,
): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if ((await readdir(folder)).some(wanted)) return true;
    await sleep(5);
  }
  return false;
}

describe('Ctrl-C', () => {
  it('while an output is written leaves nothing of it, and exits 130', async function () {
    this.timeout(120_000);
    await using folder = await scratchFolder();
    const made = await runVoxhost(['phantom', 'in.nii', '--size', '64'], folder.path);
    assert.equal(made.exitCode, 0, made.err);
    // A copy by the host (the same grid in another format) goes straight to compressing half a gigabyte.
    const running = startVoxhost(
      ['resample', 'in.nii', 'out.nii.gz', '--size', '400', '--interpolator', 'nearest'],
      folder.path,
    );
    const began = await appears(folder.path, (name) => name.endsWith('.part'), running);
    assert.ok(began, `the output was never begun: ${(await running.ended).err}`);
    running.child.kill('SIGINT');
    const { exitCode, out, err } = await running.ended;
    assert.equal(exitCode, 130, err);
    assert.equal(out, '');
    assert.match(err, /interrupted; nothing was written/);
    const left = (await readdir(folder.path)).filter((name) => !name.startsWith('.'));
    assert.deepEqual(left, ['in.nii']);
    assert.ok(!(await readdir(folder.path)).some((name) => name.endsWith('.part')));
  });
});
