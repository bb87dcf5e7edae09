import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describeBackend } from '@voxhost/sdk/testing';
import { readImage, writeImage } from '#host/io/index.js';
import { capture } from '../../support/capture.js';
import { whyNoPython, writePython } from '../../support/exec-plugin.js';
import { activateAt } from '../../support/process-plugin.js';
import { identity, runOnce, smallImage, smallResample } from '../../support/small-calls.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const why = whyNoPython();
const folder = temporaryFolder();
after(() => folder[Symbol.dispose]());

if (why !== undefined) {
  describe('a program as a plugin', () => {
    it.skip(`speaks the frames (${why})`);
  });
} else {
  const path = writePython(folder);
  await describeBackend(
    'of a Python program on standard input and output',
    async () => (await activateAt(path)).backend,
    { describe, it, after },
  );

  describe('a program as a plugin', () => {
    it('ends a run that is cancelled while it is in progress, and serves on', async () => {
      const size = [1500, 1500];
      await using plugin = await activateAt(path, { services: { limits: { cancelMs: 2000 } } });
      await using prepared = await plugin.backend.prepare({
        ...smallResample(),
        interpolator: 'nearest',
        boundary: { kind: 'constant', value: 0 },
      });
      const controller = new AbortController();
      // Takes Python half a minute, if nobody stops it.
      const running = prepared.run(identity, { samples: { size }, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('no longer wanted')), 100);
      await assert.rejects(running, /no longer wanted/);
      const { data } = await runOnce(prepared);
      assert.deepEqual([...data], [...smallImage().data]);
      assert.deepEqual(plugin.deaths, []);
    });

    it('serves a resample of the command line', async () => {
      const input = join(folder.path, 'in.nii');
      const output = join(folder.path, 'out.nii');
      await writeImage(smallImage(), input);
      const { exitCode, err } = await capture([
        ...['resample', input, output, '--spacing', '2,2', '--interpolator', 'nearest'],
        ...['--boundary', 'constant', '--backend', 'nearest-py', '--plugin-path', folder.path],
      ]);
      assert.equal(exitCode, 0, err);
      const { data, grid } = await readImage(output);
      assert.deepEqual(grid.size, [8, 6]);
      // The grid keeps the extent, so output pixel 0 looks at 0.5 and takes pixel 1.
      const expected = Array.from(
        { length: 48 },
        (_, i) => (i % 8) * 2 + 1 + (Math.floor(i / 8) * 2 + 1) * 16,
      );
      assert.deepEqual([...data], expected);
    });
  });
}
