import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHostError } from 'voxhost';
import { readGrid, readImage, readVolume } from 'voxhost/io';
import { SERIES, seriesValues } from './dicom-series.js';
import { dicomSlice, type SliceOptions } from './dicom-writer.js';
import { fixture, inFolder, largestDifference } from './support.js';

const ROW = [0.8, 0.6, 0];
const COLUMN = [0, 0, -1];
/** ROW × COLUMN. */
const NORMAL = [-0.6, 0.8, 0];
const START = [-40.5, 12.25, 100];
const COUNT = 5;

const place = (n: number): number[] => START.map((v, i) => v + 2.5 * n * NORMAL[i]);
const pixelsOf = (n: number): Int16Array =>
  Int16Array.from({ length: 12 }, (_, i) => 100 * n + i - 200);

const slice = (n: number, more: Partial<SliceOptions> = {}): SliceOptions => ({
  instance: n + 1,
  position: place(n),
  orientation: [...ROW, ...COLUMN],
  spacing: [1.5, 0.75],
  rows: 3,
  columns: 4,
  pixels: pixelsOf(n),
  ...more,
});

/** Files whose names run against their places. */
async function writeSeries(
  folder: string,
  change: (n: number) => Partial<SliceOptions> = () => ({}),
): Promise<void> {
  for (let n = 0; n < COUNT; n++) {
    const name = `IM${(n * 3 + 1) % COUNT}.dcm`;
    await writeFile(join(folder, name), dicomSlice(slice(n, change(n))));
  }
}

const refused = (says: RegExp) => (error: unknown) => {
  assert.ok(isHostError(error, 'BAD_FILE'), String(error));
  assert.match(error.message, says);
  return true;
};

describe('a folder with a DICOM series', () => {
  for (const implicit of [false, true]) {
    it(`is a volume, sorted by place, rescaled (${implicit ? 'implicit' : 'explicit'})`, () =>
      inFolder(async (folder) => {
        await writeSeries(folder, () => ({ implicit, slope: 2, intercept: -1024 }));
        await writeFile(join(folder, 'README.txt'), 'not a slice');
        const { image, header } = await readVolume(folder);
        assert.equal(header.format, 'DICOM');
        assert.deepEqual(image.grid.size, [4, 3, COUNT]);
        const wanted = Array.from({ length: COUNT }, (_, n) =>
          [...pixelsOf(n)].map((v) => 2 * v - 1024),
        );
        assert.deepEqual([...image.data], wanted.flat());
        assert.ok(largestDifference(image.grid.spacing, [0.75, 1.5, 2.5]) < 1e-9);
        assert.ok(largestDifference(image.grid.origin, START) < 1e-9);
        const direction = [0, 1, 2].flatMap((r) => [ROW[r], COLUMN[r], NORMAL[r]]);
        assert.ok(largestDifference(image.grid.direction, direction) < 1e-9);
      }));
  }

  it('tells its grid without its pixels being decoded', () =>
    inFolder(async (folder) => {
      await writeSeries(folder);
      assert.deepEqual((await readGrid(folder)).size, [4, 3, COUNT]);
    }));

  it('of one file is one slice', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.dcm');
      await writeFile(path, dicomSlice(slice(0)));
      const image = await readImage(path, { pixelType: 'int16' });
      assert.deepEqual(image.grid.size, [4, 3, 1]);
      assert.deepEqual(image.data, pixelsOf(0));
    }));

  it('with a tilted gantry is sheared: refused, or kept beside its true affine', () =>
    inFolder(async (folder) => {
      await writeSeries(folder, (n) => ({ position: place(n).map((v, i) => v + n * ROW[i]) }));
      await assert.rejects(readImage(folder), refused(/not perpendicular.*--shear/));
      assert.ok((await readVolume(folder, { shear: 'keep' })).header.sheared);
    }));

  it('is refused when it is none, several, incomplete or uneven', () =>
    inFolder(async (folder) => {
      await assert.rejects(readImage(folder), refused(/without a DICOM file/));
      await writeSeries(folder, (n) => ({ series: n < 2 ? '1.2.3' : '1.2.4' }));
      await assert.rejects(readImage(folder), refused(/has 2 series/));
      await writeSeries(folder, (n) => ({ position: place(n < 3 ? n : n + 1) }));
      await assert.rejects(readImage(folder), refused(/mm from where slice/));
      await writeSeries(folder, (n) => (n === 2 ? { orientation: [1, 0, 0, 0, 1, 0] } : {}));
      await assert.rejects(readImage(folder), refused(/ImageOrientationPatient of .* differs/));
      await writeSeries(folder, (n) => (n === 2 ? { position: [1, 2] } : {}));
      await assert.rejects(
        readImage(folder),
        refused(/ImagePositionPatient of .* is not 3 numbers/),
      );
    }));

  it('in colour, or larger than what decodes it, is refused', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.dcm');
      const bytes = dicomSlice(slice(0));
      const samples = bytes.indexOf(Buffer.from([0x28, 0, 2, 0])) + 8;
      bytes.writeUInt16LE(3, samples);
      await writeFile(path, bytes);
      await assert.rejects(readImage(path), refused(/SamplesPerPixel of .* is 3: it is in colour/));
      await writeFile(path, dicomSlice(slice(0)));
      await assert.rejects(readImage(path, { maxBytes: 100 }), refused(/needs 144 bytes/));
    }));

  it('with truncated pixels is refused', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.dcm');
      await writeFile(path, dicomSlice(slice(0)).subarray(0, -10));
      await assert.rejects(readImage(path), refused(/PixelData of .* is truncated/));
    }));
});

describe('a DICOM series as dcmtk codes it', () => {
  for (const name of ['implicit', 'jpeg-lossless', 'jpeg-ls', 'rle']) {
    it(`${name} is read exactly`, async () => {
      const image = await readImage(fixture('dicom', name));
      assert.deepEqual(image.grid.size, [SERIES.columns, SERIES.rows, SERIES.slices]);
      assert.deepEqual(image.grid.spacing, SERIES.spacing);
      assert.deepEqual([...image.data], seriesValues());
    });
  }

  for (const name of ['big-endian', 'deflated']) {
    it(`${name} is refused`, () =>
      assert.rejects(readImage(fixture('dicom', name)), refused(/TransferSyntaxUID is/)));
  }
});

describe('files of (X)MedCon', () => {
  it('have the values of the series that it read, file after file', async () => {
    const image = await readImage(fixture('dicom', 'medcon', 'stack.nii'));
    const length = SERIES.columns * SERIES.rows;
    const values = seriesValues();
    const wanted = [2, 1, 0].flatMap((n) => values.slice(n * length, (n + 1) * length));
    assert.deepEqual([...image.data], wanted);
    assert.deepEqual(image.grid.spacing, SERIES.spacing);
  });

  it('without orientation, or with frames in one file, are refused', async () => {
    const multi = fixture('dicom', 'medcon', 'multi-frame.dcm');
    await assert.rejects(readImage(multi), refused(/NumberOfFrames of .* is 3/));
    const analyze = fixture('dicom', 'medcon', 'analyze.hdr');
    await assert.rejects(readImage(analyze), refused(/Analyze 7.5/));
  });
});
