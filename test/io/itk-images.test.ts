import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '@voxhost/sdk';
import { readVolume, type Volume, writeImage } from 'voxhost/io';
import { fixture, gridDifference, inFolder } from './support.js';

interface Expected {
  readonly components: number;
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: readonly number[];
  /** Interleaved, as ITK has them in memory. */
  readonly values: readonly number[];
}

const expected: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(fixture('itk', 'images', 'expected.json'), 'utf8'),
);
const names = Object.keys(expected);

/** Float64 in MetaImage and NRRD; NIfTI's float32 and ITK's quaternions lose more. */
const toleranceOf = (name: string): number => (name.includes('.nii') ? 2e-6 : 1e-12);

/** The space of an ITK image without a fourth axis, which is ours to call frames. */
function gridOf({ size, spacing, origin, direction }: Expected): Grid {
  const [all, dims] = [size.length, Math.min(3, size.length)];
  return {
    size: size.slice(0, dims),
    spacing: spacing.slice(0, dims),
    origin: origin.slice(0, dims),
    direction: direction.filter((_, i) => i % all < dims && i < all * dims),
  };
}

/** ITK's interleaved components as planes, frame after frame. */
function planar({ components, size, values }: Expected): number[] {
  const voxels = size.slice(0, 3).reduce((product, n) => product * n, 1);
  const frames = values.length / voxels / components;
  const planes: number[] = [];
  for (let f = 0; f < frames; f++) {
    for (let c = 0; c < components; c++) {
      for (let v = 0; v < voxels; v++) planes.push(values[(f * voxels + v) * components + c]);
    }
  }
  return planes;
}

describe('volumes written by ITK', () => {
  for (const name of names) {
    it(name, async () => {
      const { image } = await readVolume(fixture('itk', 'images', name));
      const wanted = gridOf(expected[name]);
      assert.deepEqual(image.grid.size, wanted.size);
      assert.ok(gridDifference(image.grid, wanted) < toleranceOf(name));
      assert.deepEqual([...image.data], planar(expected[name]));
    });
  }

  it('are more than 40', () => assert.ok(names.length > 40));
});

const TARGETS = ['.mha', '.mhd', '.nrrd', '.nhdr', '.nii', '.nii.gz', '.hdr'];

/** NIfTI-1 keeps float32. */
const writtenTolerance = (extension: string): number =>
  extension.includes('.nii') || extension === '.hdr' ? 2e-5 : 1e-12;

describe('a compressed MetaImage in two files', () => {
  it('says how long its pixels are, without which ITK does not read it', () =>
    inFolder(async (folder) => {
      const { image } = await readVolume(fixture('itk', 'images', 'f4.mha'));
      await writeImage(image, join(folder, 'a.mhd'), { compress: true });
      const { size } = statSync(join(folder, 'a.zraw'));
      const header = readFileSync(join(folder, 'a.mhd'), 'utf8');
      assert.ok(header.includes(`\nCompressedDataSize = ${size}\n`));
    }));
});

describe('every format to every other', () => {
  const sources = [
    'i2.mha',
    'left-handed.nrrd',
    'two-d.mha',
    'four-d.nrrd',
    'vector.mha',
    'vector-2d.nrrd',
    'rgb.mha',
    'apart-packed.mhd',
    'beside.nhdr',
    'itk-left.nii.gz',
    'itk-vector.nii',
    'u8.mha',
  ];
  const layoutOf = ({ header }: Volume) => (header.frames > 1 ? 'frames' : 'components');

  for (const source of sources) {
    for (const extension of TARGETS) {
      it(`${source} to ${extension} and back`, () =>
        inFolder(async (folder) => {
          const volume = await readVolume(fixture('itk', 'images', source));
          const path = join(folder, `out${extension}`);
          for (const compress of [false, true]) {
            await writeImage(volume.image, path, { compress, channelsAs: layoutOf(volume) });
            const back = await readVolume(path);
            assert.deepEqual(back.image.data, volume.image.data);
            assert.deepEqual(back.image.grid.size, volume.image.grid.size);
            assert.equal(back.header.frames, volume.header.frames);
            assert.equal(back.header.components, volume.header.components);
            const difference = gridDifference(back.image.grid, volume.image.grid);
            assert.ok(difference < writtenTolerance(extension), `${difference}`);
          }
        }));
    }
  }
});
