import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrid, createImage, indexToPhysical, type PixelType } from '@voxhost/sdk';
import { headPhantom, readHeader, readImage, readVolume, writeImage } from 'voxhost/io';
import { fixture, gridDifference, inFolder, largestDifference } from './support.js';

interface Expected {
  readonly shape: readonly number[];
  readonly affine: readonly (readonly number[])[];
  readonly values: readonly (number | null)[];
}

const expected: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(fixture('nifti', 'expected.json'), 'utf8'),
);

/** nibabel's affine comes from the same float32 header fields; only the order of a few products differs. */
const AFFINE_TOLERANCE = 1e-6;

/** Scaled 8- and 16-bit values and scaled float32 are stored as float32: half a unit in its last place. */
const FLOAT32_RELATIVE = 2 ** -24;

/** nibabel's RAS matrix as ours, for a grid of `dims` axes. */
function toLps(ras: Expected['affine'], dims: number): number[] {
  const rows = ras.slice(0, dims).map((row, r) => row.map((v) => (r < 2 ? -v : v)));
  return rows.flatMap((row) => [...row.slice(0, dims), row[3]]);
}

describe('NIfTI as nibabel reads it', () => {
  const names = Object.keys(expected).filter((name) => name !== 'sheared.nii');

  for (const name of names) {
    it(name, async () => {
      const { image, header } = await readVolume(fixture('nifti', name));
      const { shape, affine, values } = expected[name];
      const dims = image.grid.size.length;
      assert.deepEqual(image.grid.size, [...shape, 1].slice(0, dims));
      assert.equal(image.data.length, values.length);
      const lps = toLps(affine, dims);
      assert.ok(largestDifference(indexToPhysical(image.grid), lps) < AFFINE_TOLERANCE);
      const tolerance = header.scale === undefined ? 0 : FLOAT32_RELATIVE;
      values.forEach((value, i) => {
        const off = Math.abs(image.data[i] - (value ?? 0));
        const same =
          value === null ? Number.isNaN(image.data[i]) : off <= tolerance * Math.abs(value);
        assert.ok(same, `voxel ${i}: ${image.data[i]} is not ${value}`);
      });
    });
  }

  it('looked at more than 40 files', () => assert.ok(names.length > 40));
});

describe('NIfTI pixel types', () => {
  const read = async (name: string) => (await readImage(fixture('nifti', name))).pixelType;

  it('stay as stored, 64-bit integers become float64', async () => {
    const types = ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'f4', 'f8', 'i8', 'u8'];
    const found = await Promise.all(types.map((code) => read(`type-${code}.nii`)));
    assert.deepEqual(found, [
      'uint8',
      'int8',
      'uint16',
      'int16',
      'uint32',
      'int32',
      'float32',
      'float64',
      'float64',
      'float64',
    ]);
  });

  it('of scaled values are float32, and float64 for 32-bit integers', async () => {
    assert.equal(await read('scale-i2.nii.gz'), 'float32');
    assert.equal(await read('scale-i4.nii'), 'float64');
  });

  it('are what the caller asks for, rounded half to even and saturated', async () => {
    const exact = await readImage(fixture('nifti', 'scale-u1.nii'), { pixelType: 'float64' });
    assert.deepEqual([...exact.data], expected['scale-u1.nii'].values);
    const small = await readImage(fixture('nifti', 'type-i2.nii'), { pixelType: 'uint8' });
    const clamped = expected['type-i2.nii'].values.map((v) => Math.min(255, Math.max(0, v ?? 0)));
    assert.deepEqual([...small.data], clamped);
  });

  it('warn when a 64-bit integer is not exact in float64', async () => {
    await inFolder(async (folder) => {
      const bytes = Buffer.from(readFileSync(fixture('nifti', 'type-i8.nii')));
      bytes.writeBigInt64LE(2n ** 53n + 1n, 352);
      const path = join(folder, 'wide.nii');
      await writeFile(path, bytes);
      const warnings: string[] = [];
      await readImage(path, { warn: (text) => warnings.push(text) });
      assert.match(warnings.join(), /2\^53/);
      await readImage(fixture('nifti', 'type-i8.nii'), { warn: assert.fail });
    });
  });
});

describe('NIfTI geometry', () => {
  it('in micrometres becomes millimetres, as ITK does', async () => {
    await inFolder(async (folder) => {
      const bytes = Buffer.from(readFileSync(fixture('nifti', 'type-u1.nii')));
      bytes[123] = 3;
      const path = join(folder, 'micron.nii');
      await writeFile(path, bytes);
      const [small, large] = [
        await readHeader(path),
        await readHeader(fixture('nifti', 'type-u1.nii')),
      ];
      const ratios = small.grid.spacing.map((s, a) => s / large.grid.spacing[a]);
      assert.ok(largestDifference(ratios, [1e-3, 1e-3, 1e-3]) < 1e-12);
    });
  });

  it('of a sheared affine is refused, or given beside the nearest grid', async () => {
    const path = fixture('nifti', 'sheared.nii');
    await assert.rejects(readImage(path), /srow has axes that are not perpendicular.*--shear/);
    const { header } = await readVolume(path, { shear: 'keep' });
    const lps = toLps(expected['sheared.nii'].affine, 3);
    assert.ok(header.sheared && largestDifference(header.affine, lps) < AFFINE_TOLERANCE);
  });
});

/** NIfTI-1 keeps geometry in float32: relative 2^-24 of numbers below 256. */
const WRITTEN_TOLERANCE = 2 ** -16;

describe('NIfTI written and read back', () => {
  for (const name of ['out.nii', 'out.nii.gz', 'out.hdr', 'out.img', 'out.hdr.gz']) {
    it(`${name} keeps values and geometry`, async () => {
      await inFolder(async (folder) => {
        const image = headPhantom();
        await writeImage(image, join(folder, name));
        const back = await readImage(join(folder, name));
        assert.deepEqual(back.data, image.data);
        assert.ok(gridDifference(back.grid, image.grid) < WRITTEN_TOLERANCE);
      });
    });
  }

  const types: readonly PixelType[] = [
    'uint8',
    'int8',
    'uint16',
    'uint32',
    'int32',
    'float32',
    'float64',
  ];
  for (const pixelType of types) {
    it(`keeps ${pixelType}, four frames and a left-handed direction`, async () => {
      await inFolder(async (folder) => {
        const source = await readImage(fixture('nifti', 'left-handed.nii'), { pixelType });
        const twice = new (source.data.constructor as Float64ArrayConstructor)(
          2 * source.data.length,
        );
        twice.set([...source.data, ...source.data.toReversed()]);
        const image = createImage(source.grid, twice, 2);
        for (const channelsAs of ['frames', 'components'] as const) {
          await writeImage(image, join(folder, 'x.nii.gz'), { channelsAs });
          const { image: back, header } = await readVolume(join(folder, 'x.nii.gz'));
          assert.deepEqual(back.data, image.data);
          assert.equal(header[channelsAs], 2);
          assert.ok(gridDifference(back.grid, image.grid) < WRITTEN_TOLERANCE);
        }
      });
    });
  }

  it('is NIfTI-2 when an axis is longer than 32767', async () => {
    await inFolder(async (folder) => {
      const image = createImage(createGrid({ size: [40000, 2] }), new Uint8Array(80000));
      await writeImage(image, join(folder, 'long.nii'));
      const { image: back, header } = await readVolume(join(folder, 'long.nii'));
      assert.equal(header.format, 'NIfTI-2');
      assert.deepEqual(back.grid.size, [40000, 2]);
    });
  });

  it('has a qform that agrees with its sform', async () => {
    await inFolder(async (folder) => {
      const image = await readImage(fixture('nifti', 'left-handed.nii'));
      const path = join(folder, 'x.nii');
      await writeImage(image, path);
      const bytes = readFileSync(path);
      bytes.writeInt16LE(0, 254); // sform_code
      await writeFile(path, bytes);
      assert.ok(gridDifference((await readImage(path)).grid, image.grid) < WRITTEN_TOLERANCE);
    });
  });
});
