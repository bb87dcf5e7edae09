import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrid, createImage } from '@voxhost/sdk';
import { isHostError } from 'voxhost';
import { displacementField } from 'voxhost/geometry';
import { writeImage, writeTransform } from 'voxhost/io';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';
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
        const isFull = (error: unknown) => {
          assert.ok(isHostError(error, 'CANNOT_WRITE'), String(error));
          assert.match(error.message, /the disk is full; free some space/);
          return true;
        };
        for (const name of ['a.nii', 'b.mha', 'c.nhdr', 'd.img']) {
          await assert.rejects(writeImage(image, join(folder, name)), isFull);
        }
        const grid = createGrid({ size: [20, 20, 20] });
        const field = displacementField(createImage(grid, new Float64Array(24000).fill(0.5), 3));
        for (const name of ['e.h5', 'f.tfm', 'g.mha']) {
          await assert.rejects(writeTransform(field, join(folder, name)), isFull);
        }
        await using elsewhere = await scratchFolder();
        const input = join(elsewhere.path, 'in.nii');
        const noise = Float32Array.from({ length: 24000 }, (_, i) => (i * 7919) % 1009);
        await writeImage(createImage(grid, noise, 3), input);
        const line = ['resample', input, join(folder, 'h.nii'), '--frames-at-once=1', '--size=30'];
        const { exitCode, err } = await capture(line);
        assert.equal(exitCode, 3, err);
        assert.match(err, /the disk is full/);
        const picture = await capture(['picture', input, join(folder, 'i.png'), '--edge=2000']);
        assert.equal(picture.exitCode, 3, picture.err);
        assert.match(picture.err, /the disk is full/);
        assert.deepEqual(await readdir(folder), ['a.nii']);
      } finally {
        execFileSync('umount', [folder]);
      }
    });
  });
});
