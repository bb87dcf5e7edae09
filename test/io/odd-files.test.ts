import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { isHostError } from 'voxhost';
import { readVolume, type Volume } from 'voxhost/io';
import { fixture, inFolder, largestDifference } from './support.js';

/** What another program makes of a file; values frame after frame, ITK's with the components of a voxel together. */
interface Expected {
  readonly error?: string;
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: readonly number[];
  /** nibabel's: RAS, 3 × 4. */
  readonly affine: readonly number[];
  readonly components: number;
  readonly values: readonly number[];
}

interface Odd {
  readonly beside: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly bytes: string; readonly expected: Expected }>>;
}

const oddFiles = (name: string): Odd =>
  JSON.parse(readFileSync(fixture('odd', `${name}.json`), 'utf8'));

/** A file that is refused, and what is said of it. */
type Refused = Readonly<Record<string, RegExp>>;

/** Where the other program is wrong, or wants to be: index -> LPS as it should be, by columns, and why. */
interface Own {
  readonly affine?: readonly number[];
  readonly values?: readonly number[];
  readonly why: string;
}

const VALUES = Array.from({ length: 24 }, (_, i) => ((i * 7) % 23) - 5);
const BYTES = (count: number) => Array.from({ length: count }, (_, i) => i);

const TEXT_REFUSED: Refused = {
  'm-1d.mha': /NDims is 1/,
  'm-5d.mha': /NDims is 5/,
  'm-ascii.mha': /BinaryData is False/,
  'm-extra-dim.mha': /DimSize has 4 numbers/,
  'm-negspacing.mha': /ElementSpacing\[2\] is -2/,
  'm-zerospacing.mha': /ElementSpacing\[2\] is 0/,
  'm-dot.mhd': /promises 48 bytes of pixels where the file has at most 24/,
  'm-headersize.mha': /HeaderSize is 4 where the pixels follow/,
  'm-2d-matrix3.mha': /TransformMatrix has 9 numbers/,
  'n-ascii.nrrd': /encoding "ascii" is not supported; write it again/,
  'n-hex.nrrd': /encoding "hex"/,
  'n-bz2.nrrd': /encoding "bzip2"/,
  'n-det-line.nhdr': /line skip is 2/,
  'n-det-lineandbyte.nhdr': /line skip is 1/,
  'n-lineskip.nrrd': /line skip is 2/,
  'n-gz-byteskip-1.nrrd': /byte skip is -1 where the pixels are compressed/,
  'n-nospace-dirs.nrrd': /space dimension is missing/,
  'n-space-LPI.nrrd': /space "LPI" is not one of/,
};

const diagonal = (spacing: readonly number[], origin: readonly number[]): number[] =>
  origin.flatMap((o, r) => [...spacing.map((s, c) => (r === c ? s : 0)), o]);

const LAS = { affine: [1.5, 0, 0, 5, 0, -2, 0, -6, 0, 0, 3, 7], why: 'ITK 5.2 turns L, not A' };
const ENDS = { affine: diagonal([1.5, 2, 3], [10.75, 21, 31.5]), why: 'ITK reads no axis maxs' };
const GARBAGE = { values: VALUES, why: 'ITK gives memory that it never wrote' };

const TEXT_OWN: Readonly<Record<string, Own>> = {
  'm-compressed-nosize.mha': GARBAGE,
  'm-compressed-small.mha': GARBAGE,
  'm-list3.mhd': GARBAGE,
  'm-pattern2.mhd': {
    affine: diagonal([1.5, 2, 3], [0, 0, 0]),
    values: VALUES,
    why: 'ITK dies of it',
  },
  'n-mins-maxs.nrrd': ENDS,
  'n-mins-maxs-cell.nrrd': ENDS,
  'n-space-LAS.nrrd': LAS,
  'n-space-left-anterior-superior.nrrd': LAS,
  'n-rast.nrrd': {
    affine: [-1.5, 0, 0, -5, 0, -2, 0, -6, 0, 0, 3, 7],
    why: 'ITK takes RAS with time for LPS',
  },
  'n-2d-in3d.nrrd': {
    affine: [0, 0, 1, 5, 2, 0, 0, 6, 0, 3, 0, 7],
    values: VALUES,
    why: 'ITK has no pictures in space',
  },
  'n-vec-nokind.nrrd': {
    affine: diagonal([1.5, 2, 3], [5, 6, 7]),
    values: [0, 1, 2].flatMap((c) => BYTES(16).map((i) => 3 * i + c)),
    why: 'ITK wants kinds',
  },
};

/** RAS -> LPS of the oblique affine that most NIfTI files have, times a unit. */
const oblique = (unit = 1, sign = 1, shift = 0): number[] =>
  [-1.2, 1.2, 0, -5 - shift, -0.9, -1.6, 0, 6 - shift, 0, 0, 3 * sign, 7 + shift].map(
    (v) => v * unit,
  );

const NIFTI_REFUSED: Refused = {
  'i-analyze.hdr': /magic.*Analyze 7.5/,
  'i-spm.hdr': /magic.*Analyze 7.5/,
  'i-complex.nii': /datatype 32 \(complex64\)/,
  'i-nanpix-s.nii': /pixdim\[2\] is NaN/,
  'i-negpix-q.nii': /pixdim\[2\] is -2/,
  'i-negpix-s.nii': /pixdim\[2\] is -2/,
  'i-zeropix-q.nii': /pixdim\[2\] is 0/,
  'i-off348.nii': /vox_offset is 348/,
  'i-quat-nan.nii': /quatern .* is no rotation/,
  'i-quat-over.nii': /quatern .* is no rotation/,
  'i-shear.nii': /not perpendicular.*--shear/,
  'i-slope2-nan.nii': /scl_inter is NaN/,
  'i-szero.nii': /srow has an axis 1 of length 0/,
};

const CODE = 'a code above 0 is one, as in nifti1.h';
const NIFTI_OWN: Readonly<Record<string, Own>> = {
  'i-ext-bad.nii': { affine: oblique(), values: VALUES, why: 'extensions are not read' },
  'i-gz-as-plain.nii': { affine: oblique(), values: VALUES, why: 'gzip is known by its bytes' },
  'i-plain-as-gz.nii.gz': { affine: oblique(), values: VALUES, why: 'gzip is known by its bytes' },
  'i-off0.nii': { values: VALUES, why: 'pixels follow the header; nibabel reads the header' },
  'i-qcode7.nii': { affine: oblique(), why: CODE },
  'i-qcode1000.nii': { affine: oblique(), why: CODE },
  'i-scode7.nii': { affine: oblique(), why: CODE },
  'i-scode1000.nii': { affine: oblique(), why: CODE },
  'i-qfac-3.nii': { affine: oblique(1, -1), why: 'below 0 is -1, as in nifti1.h' },
  'i-unit-m.nii': { affine: oblique(1000), why: 'nibabel leaves units to the caller' },
  'i-unit-um.nii': { affine: oblique(0.001), why: 'nibabel leaves units to the caller' },
  'i-unit-um-msec.nii': { affine: oblique(0.001), why: 'nibabel leaves units to the caller' },
  'i-dim-2x2x2x2x3.nii': {
    values: [0, 2, 4, 1, 3, 5].flatMap((plane) =>
      BYTES(8).map((i) => (((8 * plane + i) * 7) % 23) - 5),
    ),
    why: 'components of a frame are together in memory',
  },
};

/** float32 of the header, of numbers up to some thousand. */
const FLOAT32 = 1e-3;
const EXACT = 1e-6;

/** The affine of a volume of 2 or 3 axes, 3 × 4. */
function affineOf({ header, image }: Volume): number[] {
  const a = header.affine;
  return image.grid.size.length === 3
    ? [...a]
    : [a[0], a[1], 0, a[2], a[3], a[4], 0, a[5], 0, 0, 1, 0];
}

function affineByItk({ spacing, origin, direction, size }: Expected): number[] {
  const dims = size.length;
  return [0, 1, 2].flatMap((r) => [
    ...[0, 1, 2].map((c) =>
      r < dims && c < dims ? direction[r * dims + c] * spacing[c] : r === c ? 1 : 0,
    ),
    origin[r] ?? 0,
  ]);
}

/** Components as planes, frame after frame. */
function planar({ components, size, values }: Expected): number[] {
  const voxels = size.slice(0, 3).reduce((product, n) => product * n, 1);
  const planes: number[] = [];
  for (let f = 0; f < values.length / voxels / components; f++) {
    for (let c = 0; c < components; c++) {
      for (let v = 0; v < voxels; v++) planes.push(values[(f * voxels + v) * components + c]);
    }
  }
  return planes;
}

/** Geometry and values that a file must have. */
interface Wanted {
  readonly affine: readonly number[];
  readonly values: readonly number[];
}

async function isRefused(path: string, says: RegExp): Promise<void> {
  await assert.rejects(readVolume(path), (error: unknown) => {
    assert.ok(isHostError(error, 'BAD_FILE'), String(error));
    assert.match(error.message, says);
    return true;
  });
}

async function isRead(path: string, wanted: Wanted, tolerance: number): Promise<void> {
  const volume = await readVolume(path, { warn: () => {} });
  assert.deepEqual([...volume.image.data], wanted.values);
  const found = affineOf(volume);
  const off = largestDifference(found, wanted.affine);
  assert.ok(off < tolerance, `${found}: off by ${off}`);
}

interface Truth {
  readonly refused: Refused;
  readonly own: Readonly<Record<string, Own>>;
  readonly tolerance: number;
  readonly read: (expected: Expected) => Wanted;
}

const NOTHING: Wanted = { affine: [], values: [] };

function describeOdd(name: string, { refused, own, tolerance, read }: Truth): void {
  const { beside, files } = oddFiles(name);
  const place = async (folder: string, file: string, text: string) => {
    await writeFile(join(folder, file), inflateSync(Buffer.from(text, 'base64')));
    return join(folder, file);
  };
  for (const [file, { bytes, expected }] of Object.entries(files)) {
    const says = refused[file];
    const why = says === undefined ? own[file]?.why : 'refused';
    it(why === undefined ? file : `${file}: ${why}`, () =>
      inFolder(async (folder) => {
        for (const [other, text] of Object.entries(beside)) await place(folder, other, text);
        const path = await place(folder, file, bytes);
        if (says !== undefined) return isRefused(path, says);
        const wanted = expected.error === undefined ? read(expected) : NOTHING;
        return isRead(path, { ...wanted, ...own[file] }, tolerance);
      }),
    );
  }

  it('were more than a hundred', () => assert.ok(Object.keys(files).length > 100));
}

describe('odd MetaImage and NRRD files are where ITK has them, or refused', () => {
  describeOdd('text', {
    refused: TEXT_REFUSED,
    own: TEXT_OWN,
    tolerance: EXACT,
    read: (expected) => ({ affine: affineByItk(expected), values: planar(expected) }),
  });
});

describe('odd NIfTI files are where nibabel has them, or refused', () => {
  describeOdd('nifti', {
    refused: NIFTI_REFUSED,
    own: NIFTI_OWN,
    tolerance: FLOAT32,
    read: ({ affine, values }) => ({ affine: affine.map((v, i) => (i < 8 ? 0 - v : v)), values }),
  });
});
