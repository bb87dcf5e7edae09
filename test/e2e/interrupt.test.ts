import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { niftiBytes } from '../support/nifti-bytes.js';
import { writeChaos } from '../support/process-plugin.js';
import { processesBelow } from '../support/processes-below.js';
import { type Running, startVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';
import { below, temporaryFolder } from '../support/temporary-folder.js';

const NIFTI_HEADER = 352;

/** A volume of noise, which takes long to compress. */
function noise(edge: number): Uint8Array {
  const voxels = 2 * edge ** 3;
  const bytes = niftiBytes({ dim: [3, edge, edge, edge, 1, 1, 1, 1] }, voxels);
  randomFillSync(bytes, NIFTI_HEADER);
  return bytes;
}

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
  for (const times of [1, 2])
    it(`${times === 1 ? 'once' : 'twice'} while an output is written leaves nothing of it, and exits 130`, async function () {
      this.timeout(60_000);
      await using folder = await scratchFolder();
      await writeFile(join(folder.path, 'in.nii'), noise(256));
      const running = startVoxhost(['resample', 'in.nii', 'out.nii.gz'], folder.path);
      const began = await appears(folder.path, (name) => name.endsWith('.part'), running);
      assert.ok(began, `the output was never begun: ${JSON.stringify(running.child.exitCode)}`);
      assert.ok(running.child.kill('SIGINT'), 'it had already ended');
      if (times === 2) {
        await sleep(1); // two at the same time are one
        assert.ok(running.child.kill('SIGINT'), 'it did not wait for its work to end');
      }
      const { exitCode, out, err } = await running.ended;
      assert.equal(exitCode, 130, err);
      assert.equal(out, '');
      if (times === 1) assert.match(err, /interrupted; nothing was written/);
      assert.deepEqual(await readdir(folder.path), ['in.nii']);
    });

  for (const fault of ['stall']) {
    it(`while a call moves on to a backend that ${fault}s leaves no output and no process, and exits 130`, async function () {
      this.timeout(60_000);
      using plugins = temporaryFolder();
      await using folder = await scratchFolder();
      await writeFile(join(folder.path, 'in.nii'), noise(8));
      for (const [n, faults] of ['run=segv', `prepare=${fault}`].entries()) {
        const changes = { id: `org.example.p${n}`, name: `p${n}` };
        writeChaos(below(plugins, `p${n}`), faults, changes);
      }
      const backends = ['--plugin-path', plugins.path, '--backend', 'p0,p1'];
      const running = startVoxhost(
        ['resample', 'in.nii', 'out.nii', '--spacing', '2,2,2', ...backends],
        folder.path,
        { env: { VOXHOST_LOG: 'debug' } },
      );
      let said = '';
      running.child.stderr?.on('data', (text: string) => {
        said += text;
      });
      await eventually(
        () => said,
        (text) => text.includes(`chaos: ${fault}`) || running.child.exitCode !== null,
      );
      assert.ok(running.child.kill('SIGINT'), `it had already ended: ${said}`);
      const { exitCode, out, err } = await running.ended;
      assert.equal(exitCode, 130, err);
      assert.equal(out, '');
      assert.match(err, /p0 failed .*SIGSEGV.*; p1 takes over/);
      assert.match(err, /interrupted; nothing was written/);
      assert.ok(!(await readdir(folder.path)).some((name) => name.includes('out')));
      const left = () => processesBelow(plugins.path);
      assert.deepEqual(await eventually(left, (found) => found.length === 0), []);
    });
  }
});
