import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrid, createImage, type Image } from '@voxhost/sdk';
import { readImage, readVolume, writeFrames, writeImage } from 'voxhost/io';
import { fixture, inFolder } from './support.js';

const FILES = [fixture('nifti', 'four-d.nii.gz'), fixture('itk', 'images', 'four-d.nrrd')];

describe('the frames of a 4-D file', () => {
  it('are channels, all or a group of them', async () => {
    for (const path of FILES) {
      const { image, header } = await readVolume(path);
      assert.equal(image.channels, header.frames);
      const perFrame = image.data.length / header.frames;
      for (let start = 0; start < header.frames; start++) {
        for (let count = 1; start + count <= header.frames; count++) {
          const group = await readImage(path, { frames: { start, count } });
          assert.equal(group.channels, count);
          const wanted = image.data.slice(start * perFrame, (start + count) * perFrame);
          assert.deepEqual(group.data, wanted);
        }
      }
    }
  });

  it('that are not there are refused', async () => {
    for (const frames of [
      { start: 0, count: 9 },
      { start: -1, count: 1 },
      { start: 0, count: 0 },
    ]) {
      await assert.rejects(readImage(FILES[0], { frames }), /frames are 4, not/);
    }
  });

  it('are written one after the other, as if all at once', () =>
    inFolder(async (folder) => {
      const { image, header } = await readVolume(FILES[0]);
      const { grid, pixelType } = image;
      async function* frames(): AsyncGenerator<Image> {
        for (let start = 0; start < header.frames; start++) {
          yield await readImage(FILES[0], { frames: { start, count: 1 } });
        }
      }
      for (const extension of ['.nii.gz', '.mha', '.nrrd', '.hdr']) {
        const path = join(folder, `out${extension}`);
        await writeFrames({ grid, pixelType, count: header.frames, frames: frames() }, path);
        const back = await readVolume(path);
        assert.deepEqual(back.image.data, image.data);
        assert.equal(back.header.frames, header.frames);
      }
    }));

  it('that are too few, too many or of another kind leave no file', () =>
    inFolder(async (folder) => {
      const grid = createGrid({ size: [2, 2, 2] });
      const good = createImage(grid, new Uint8Array(8));
      const other = createImage(grid, new Int16Array(8));
      for (const images of [[good], [good, good, good], [good, other]]) {
        async function* frames(): AsyncGenerator<Image> {
          yield* images;
        }
        const sequence = { grid, pixelType: 'uint8', count: 2, frames: frames() } as const;
        await assert.rejects(writeFrames(sequence, join(folder, 'a.nii.gz')), {
          code: 'CANNOT_WRITE',
        });
      }
      assert.deepEqual(await readdir(folder), []);
    }));

  it('keep the time between them', () =>
    inFolder(async (folder) => {
      const image = createImage(createGrid({ size: [2, 2, 2] }), new Float32Array(24), 3);
      for (const extension of ['.nii', '.mha', '.nrrd']) {
        const path = join(folder, `a${extension}`);
        await writeImage(image, path, { frameSpacing: 2.5 });
        assert.equal((await readVolume(path)).header.frameSpacing, 2.5);
      }
    }));
});
