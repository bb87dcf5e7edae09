import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createGrid, createImage } from '@voxhost/sdk';
import { readImage, writeImage } from 'voxhost/io';
import { inFolder } from './support.js';

/** More than zlib gives in one piece and more than is converted in one step. */
const SIZE = [96, 80, 70];
const COUNT = SIZE[0] * SIZE[1] * SIZE[2];

const values = Int16Array.from({ length: COUNT }, (_, i) => ((i * 7919) % 4001) - 2000);

describe('a volume of many steps', () => {
  const image = createImage(createGrid({ size: SIZE }), values);

  for (const extension of ['.nii', '.nii.gz', '.mha', '.nrrd', '.mhd', '.img.gz']) {
    it(`comes back from ${extension}, in a type of its own width, wider and narrower`, () =>
      inFolder(async (folder) => {
        const path = join(folder, `a${extension}`);
        await writeImage(image, path, { compress: true });
        assert.deepEqual((await readImage(path)).data, values);
        const wide = (await readImage(path, { pixelType: 'float64' })).data;
        assert.deepEqual(wide, Float64Array.from(values));
        const narrow = (await readImage(path, { pixelType: 'int8' })).data;
        const clamped = values.map((v) => Math.min(127, Math.max(-128, v)));
        assert.deepEqual(narrow, Int8Array.from(clamped));
      }));
  }

  it('is scaled and turned to this byte order in the memory that it is read into', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.nii.gz');
      const header = Buffer.alloc(352);
      header.writeInt32BE(348, 0);
      [3, ...SIZE, 1, 1, 1, 1].forEach((n, i) => {
        header.writeInt16BE(n, 40 + 2 * i);
      });
      header.writeInt16BE(4, 70);
      for (let i = 0; i < 8; i++) header.writeFloatBE(1, 76 + 4 * i);
      header.writeFloatBE(352, 108);
      header.writeFloatBE(0.5, 112);
      header.writeFloatBE(-3, 116);
      header.write('n+1', 344);
      const pixels = Buffer.from(values.slice().buffer).swap16();
      await writeFile(path, gzipSync(Buffer.concat([header, pixels])));
      const wanted = Float32Array.from(values, (v) => v * 0.5 - 3);
      assert.deepEqual((await readImage(path)).data, wanted);
      header.writeFloatBE(0, 112);
      await writeFile(path, gzipSync(Buffer.concat([header, pixels])));
      assert.deepEqual((await readImage(path)).data, values);
    }));

  it('has memory of its size, with no more than the header beyond', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.nii.gz');
      await writeImage(image, path);
      const { data } = await readImage(path);
      assert.equal(data.byteOffset, 0);
      assert.ok(data.buffer.byteLength - data.byteLength <= 352);
    }));

  it('inside several gzip members is one', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.nii');
      await writeImage(image, path);
      const bytes = await readFile(path);
      const cut = Math.floor(bytes.length / 3);
      const members = [bytes.subarray(0, cut), bytes.subarray(cut)].map((part) => gzipSync(part));
      await writeFile(`${path}.gz`, Buffer.concat(members));
      assert.deepEqual((await readImage(`${path}.gz`)).data, values);
    }));
});

describe('pixels in many files', () => {
  it('are as many as there are, more than may be open at once, each with its own part', () =>
    inFolder(async (folder) => {
      const count = 1500;
      const names = Array.from({ length: count }, (_, n) => `s${n}.raw`);
      for (const [n, name] of names.entries()) {
        await writeFile(join(folder, name), Buffer.from([n % 251, n % 13, 99])); // 99: behind its part
      }
      const path = join(folder, 'a.nhdr');
      const header = `NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 1 ${count}\nencoding: raw\n`;
      await writeFile(path, `${header}data file: LIST\n${names.join('\n')}\n`);
      const wanted = names.flatMap((_, n) => [n % 251, n % 13]);
      assert.deepEqual([...(await readImage(path)).data], wanted);
    }));

  it('that cannot share the pixels equally are refused', () =>
    inFolder(async (folder) => {
      for (const name of ['0', '1']) await writeFile(join(folder, name), 'abcd');
      const header = 'NRRD0004\ntype: uint8\ndimension: 2\nsizes: 3 1\nencoding: raw\n';
      await writeFile(join(folder, 'a.nhdr'), `${header}data file: %d 0 1 1\n`);
      await assert.rejects(readImage(join(folder, 'a.nhdr')), /cannot have equal parts/);
    }));
});
