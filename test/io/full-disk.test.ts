import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrid, createImage } from '@voxhost/sdk';
import { isHostError } from 'voxhost';
import { writeImage } from 'voxhost/io';
import { skipBecause } from '../support/skip-because.js';
import { inFolder } from './support.js';

describe('a disk that fills', () => {
  it('is said, and leaves what was there', async function () {
    await inFolder(async (folder) => {
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
      if (mounted.status !== 0) {
        skipBecause(this, 'a small tmpfs needs the right to mount');
      }
      try {
        await writeFile(join(folder, 'a.nii'), 'before');
        const image = createImage(createGrid({ size: [64, 64, 64] }), new Float32Array(64 ** 3));
        for (const name of ['a.nii', 'b.mha', 'c.nhdr']) {
          await assert.rejects(writeImage(image, join(folder, name)), (error: unknown) => {
            assert.ok(isHostError(error, 'CANNOT_WRITE'), String(error));
            assert.match(error.message, /the disk is full; free some space/);
            return true;
          });
        }
        assert.deepEqual(await readdir(folder), ['a.nii']);
      } finally {
        execFileSync('umount', [folder]);
      }
    });
  });
});
