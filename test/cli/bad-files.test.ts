import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { headPhantom, writeImage } from 'voxhost/io';
import { fixture, inFolder } from '../io/support.js';
import { capture } from '../support/capture.js';

const good = readFileSync(fixture('nifti', 'type-i2.nii'));

const large = Buffer.from(good);
for (const at of [42, 44, 46]) large.writeInt16LE(17000, at); // 10 TB

const MHD = `NDims = 3
DimSize = 2 2 1
ElementType = MET_UCHAR
ElementDataFile = /etc/passwd
`;

/** Name of the input, its bytes, and what the one line says. */
const VOLUMES: readonly (readonly [file: string, bytes: Uint8Array | string, says: RegExp])[] = [
  ['cut.nii.gz', gzipSync(good).subarray(0, 150), /truncated/],
  ['cut.nii', good.subarray(0, 300), /header ends after 300 of 348 bytes/],
  ['large.nii.gz', gzipSync(large), /promises \d+ bytes of pixels/],
  ['bomb.nii.gz', gzipSync(Buffer.concat([good, Buffer.alloc(8 << 20)])), /goes on after/],
  ['passwd.mhd', MHD, /"\/etc\/passwd", which is outside the folder/],
  ['text.nrrd', 'I am no volume\n', /magic is not NRRD/],
];

const TRANSFORMS: readonly (readonly [file: string, bytes: Uint8Array | string, says: RegExp])[] = [
  ['text.h5', 'I am no HDF5', /signature is not that of HDF5/],
  ['cut.h5', readFileSync(fixture('hdf5', 'symbols.h5')).subarray(0, 4000), /truncated/],
  ['text.tfm', 'I am no transform', /no transform/],
];

async function refuses(folder: string, line: readonly string[], says: RegExp): Promise<void> {
  const before = await readdir(folder);
  const { exitCode, out, err } = await capture(['resample', ...line, '--size=4']);
  assert.equal(exitCode, 3, err);
  assert.equal(out, '');
  assert.match(err, says);
  assert.equal(err.trim().split('\n').length, 1, err);
  assert.deepEqual(await readdir(folder), before);
}

describe('a broken file on the command line is one clear line, exit 3 and no output', () => {
  for (const [file, bytes, says] of VOLUMES) {
    it(file, () =>
      inFolder(async (folder) => {
        const path = join(folder, file);
        await writeFile(path, bytes);
        await refuses(folder, [path, join(folder, 'out.nii')], says);
      }),
    );
  }

  for (const [file, bytes, says] of TRANSFORMS) {
    it(file, () =>
      inFolder(async (folder) => {
        const input = join(folder, 'head.nii');
        await writeImage(headPhantom(), input);
        const path = join(folder, file);
        await writeFile(path, bytes);
        await refuses(folder, [input, join(folder, 'out.nii'), '--transform', path], says);
      }),
    );
  }

  it('a folder without DICOM, and a DICOM file that is none', () =>
    inFolder(async (folder) => {
      await mkdir(join(folder, 'empty'));
      await refuses(folder, [join(folder, 'empty'), join(folder, 'out.nii')], /without a DICOM/);
      await writeFile(join(folder, 'a.dcm'), 'text');
      await refuses(folder, [join(folder, 'a.dcm'), join(folder, 'out.nii')], /no known format/);
    }));
});
