import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrid, createImage } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { readFrameGroups, readVolume, writeImage } from 'voxhost/io';
import { planResample, resampleImage } from 'voxhost/lazy';
import { framesThatFit } from '#host/cli/resample-frames.js';
import { inFolder } from '../io/support.js';
import { capture } from '../support/capture.js';

const FRAMES = 5;
const grid = createGrid({
  size: [9, 8, 7],
  spacing: [2, 2, 3],
  origin: [-5, 4, 20],
  direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
});
const image = createImage(
  grid,
  Int16Array.from({ length: 9 * 8 * 7 * FRAMES }, (_, i) => ((i * 37) % 401) - 200),
  FRAMES,
);

describe('voxhost resample of a 4-D volume', () => {
  for (const extension of ['.nii.gz', '.nii', '.mha', '.nrrd']) {
    it(`gives the same ${extension} whatever number of frames is in memory, as the library does whole`, () =>
      inFolder(async (folder) => {
        const input = join(folder, `in${extension}`);
        await writeImage(image, input, { frameSpacing: 2.5 });
        await using host = await createHost();
        const whole = await resampleImage(host, (await readVolume(input)).image, {
          size: [6, 5, 9],
        });
        for (const atOnce of [[], ['--frames-at-once=1'], ['--frames-at-once=2']]) {
          const output = join(folder, `out${extension}`);
          const line = ['resample', input, output, '--size=6,5,9', '--json', ...atOnce];
          const { exitCode, err, out } = await capture(line);
          assert.equal(exitCode, 0, err);
          assert.equal(JSON.parse(out).channels, FRAMES);
          const { image: read, header } = await readVolume(output);
          assert.equal(header.frames, FRAMES);
          assert.equal(header.frameSpacing, 2.5);
          assert.deepEqual(read.data, whole.image.data);
        }
      }));
  }

  it('leaves nothing when a frame cannot be read', () =>
    inFolder(async (folder) => {
      const input = join(folder, 'in.nii.gz');
      await writeImage(image, input);
      const bytes = await readFile(input);
      bytes[bytes.length - 6] ^= 0xff; // in the checksum, which follows the last frame
      await writeFile(input, bytes);
      const line = ['resample', input, join(folder, 'out.nii'), '--frames-at-once=2', '--size=4'];
      const { exitCode, err } = await capture(line);
      assert.equal(exitCode, 3, err);
      assert.match(err, /gzip data is damaged/);
      assert.deepEqual(await readdir(folder), ['in.nii.gz']);
    }));

  it('explains with its first frame', () =>
    inFolder(async (folder) => {
      const input = join(folder, 'in.mha');
      await writeImage(image, input);
      const line = ['explain', 'resample', input, join(folder, 'out.mha'), '--size=4', '--json'];
      const { exitCode, out, err } = await capture(line);
      assert.equal(exitCode, 0, err);
      assert.equal(typeof JSON.parse(out).chosen, 'string');
    }));

  it('has as many frames in memory as a quarter of it holds with their output, and at least one', () =>
    inFolder(async (folder) => {
      const input = join(folder, 'in.mha');
      await writeImage(image, input);
      const { header, image: first } = await readVolume(input, { frames: { start: 0, count: 1 } });
      const task = planResample(first, { size: [9, 8, 7] });
      const perFrame = 2 * 2 * 9 * 8 * 7; // int16, in and out
      assert.equal(framesThatFit(header, task, 4 * 3 * perFrame), 3);
      assert.equal(framesThatFit(header, task, 10), 1);
      assert.equal(framesThatFit(header, task, 1e12), FRAMES);
      const groups = [];
      for await (const { start, image: group } of readFrameGroups(input, 2)) {
        groups.push([start, group.channels]);
      }
      assert.deepEqual(groups, [
        [0, 2],
        [2, 2],
        [4, 1],
      ]);
    }));
});
