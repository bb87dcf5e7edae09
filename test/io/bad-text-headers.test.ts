import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { isHostError } from 'voxhost';
import { readImage } from 'voxhost/io';
import { fixture, inFolder } from './support.js';

/** A header without lines of its own is that of a good file of 2 × 2 × 1 bytes; `lines` replace or add. */
function metaImage(lines: Readonly<Record<string, string>>, pixels: Uint8Array = Buffer.alloc(4)) {
  const fields: Record<string, string> = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    DimSize: '2 2 1',
    ElementSpacing: '1 1 1',
    ElementType: 'MET_UCHAR',
    ...lines,
  };
  const end = fields['ElementDataFile'] ?? 'LOCAL';
  delete fields['ElementDataFile'];
  const text = Object.entries(fields).map(([key, value]) => `${key} = ${value}\n`);
  return Buffer.concat([Buffer.from(`${text.join('')}ElementDataFile = ${end}\n`), pixels]);
}

function nrrd(lines: Readonly<Record<string, string>>, pixels: Uint8Array = Buffer.alloc(4)) {
  const fields = { type: 'uint8', dimension: '3', sizes: '2 2 1', encoding: 'raw', ...lines };
  const text = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`);
  return Buffer.concat([Buffer.from(`NRRD0004\n${text.join('')}\n`), pixels]);
}

const LPS = { space: 'left-posterior-superior' };

type Case = readonly [name: string, bytes: Buffer, says: RegExp];

const META: readonly Case[] = [
  ['nothing', Buffer.alloc(0), /file is empty/],
  ['text', Buffer.from('I am no volume\n'), /line 1 is not "Key = Value"/],
  ['no end of header', Buffer.from('NDims = 3\n'), /ElementDataFile is missing/],
  ['another object', metaImage({ ObjectType: 'Tube' }), /ObjectType is "Tube"/],
  [
    'a type with a name that every object has',
    metaImage({ ElementType: 'constructor' }),
    /ElementType "constructor"/,
  ],
  ['pixels as text', metaImage({ BinaryData: 'False' }), /BinaryData is False/],
  ['seven axes', metaImage({ NDims: '7' }), /NDims is 7/],
  ['NaN axes', metaImage({ NDims: 'nan' }), /NDims has "nan" for a number/],
  ['too few sizes', metaImage({ DimSize: '2 2' }), /DimSize has 2 numbers where 3/],
  ['a size of 0', metaImage({ DimSize: '2 0 1' }), /DimSize\[2\] is 0/],
  ['a negative size', metaImage({ DimSize: '2 -2 1' }), /DimSize\[2\] is -2/],
  ['a size of 2^64', metaImage({ DimSize: '18446744073709551616 1 1' }), /DimSize\[1\] is/],
  ['10 TB', metaImage({ DimSize: '100000 100000 1000' }), /promises \d+ bytes/],
  ['too many voxels', metaImage({ DimSize: '9007199254740991 9 9' }), /more voxels than can be/],
  ['negative spacing', metaImage({ ElementSpacing: '1 -1 1' }), /ElementSpacing\[2\] is -1/],
  ['NaN spacing', metaImage({ ElementSpacing: '1 NaN 1' }), /ElementSpacing has "NaN"/],
  [
    'a singular direction',
    metaImage({ TransformMatrix: '1 0 0 1 0 0 0 0 1' }),
    /TransformMatrix is singular/,
  ],
  [
    'a sheared direction',
    metaImage({ TransformMatrix: '1 0 0 0.6 0.8 0 0 0 1' }),
    /not perpendicular/,
  ],
  ['an infinite origin', metaImage({ Offset: '0 1e999 0' }), /Offset has "1e999"/],
  ['an unknown type', metaImage({ ElementType: 'MET_OTHER' }), /ElementType "MET_OTHER"/],
  ['no channels', metaImage({ ElementNumberOfChannels: '0' }), /ElementNumberOfChannels\[1\] is 0/],
  ['too few pixels', metaImage({}, Buffer.alloc(3)), /promises 4 bytes/],
  [
    'pixels that are no zlib',
    metaImage({ CompressedData: 'True' }, Buffer.alloc(40)),
    /compressed pixels is damaged/,
  ],
  [
    'truncated zlib',
    metaImage(
      { CompressedData: 'True', DimSize: '20 20 1' },
      deflateSync(Buffer.from(Array.from({ length: 400 }, (_, i) => (i * i) % 251))).subarray(
        0,
        90,
      ),
    ),
    /truncated/,
  ],
  [
    'a zlib bomb',
    metaImage({ CompressedData: 'True' }, deflateSync(Buffer.alloc(4 << 20))),
    /goes on after the pixels/,
  ],
];

const NRRD: readonly Case[] = [
  ['nothing', Buffer.alloc(0), /file is empty/],
  ['text', Buffer.from('I am no volume\n'), /magic is not NRRD/],
  ['no end of header', Buffer.from('NRRD0004\ntype: uint8\n'), /no blank line/],
  ['a broken line', Buffer.from('NRRD0004\nno field\n\n'), /is not "field: value"/],
  [
    'no type',
    Buffer.from('NRRD0004\ndimension: 2\nsizes: 1 1\nencoding: raw\n\n0'),
    /type is missing/,
  ],
  [
    'no encoding',
    Buffer.from('NRRD0004\ntype: uint8\ndimension: 2\nsizes: 1 1\n\n0'),
    /encoding is missing/,
  ],
  ['an unknown type', nrrd({ type: 'block' }), /type "block"/],
  [
    'a space with a name that every object has',
    nrrd({ space: 'constructor', 'space directions': '(1,0,0) (0,1,0) (0,0,1)' }),
    /space "constructor"/,
  ],
  ['an unknown encoding', nrrd({ encoding: 'bzip2' }), /encoding "bzip2" is not supported/],
  ['no byte order', nrrd({ type: 'short' }), /endian is missing/],
  ['a strange byte order', nrrd({ type: 'short', endian: 'middle' }), /endian is "middle"/],
  ['dimension 0', nrrd({ dimension: '0' }), /dimension is 0/],
  ['too few sizes', nrrd({ sizes: '2 2' }), /sizes has 2 numbers/],
  ['a size of 0', nrrd({ sizes: '2 0 1' }), /sizes\[2\] is 0/],
  ['10 TB', nrrd({ sizes: '100000 100000 1000' }), /promises \d+ bytes/],
  ['negative spacing', nrrd({ spacings: '1 -1 1' }), /spacings\[2\] is -1/],
  ['too few directions', nrrd({ 'space directions': '(1,0,0) (0,1,0)' }), /has 2 vectors/],
  [
    'a NaN direction',
    nrrd({ 'space directions': '(1,0,0) (0,nan,0) (0,0,1)' }),
    /has "nan" for a number/,
  ],
  [
    'a direction of length 0',
    nrrd({ ...LPS, 'space directions': '(1,0,0) (0,0,0) (0,0,1)' }),
    /space directions\[2\] is 0/,
  ],
  [
    'singular directions',
    nrrd({ ...LPS, 'space directions': '(1,0,0) (1,0,0) (0,0,1)' }),
    /space directions is singular/,
  ],
  [
    'a short vector',
    nrrd({ ...LPS, 'space directions': '(1,0) (0,1,0) (0,0,1)' }),
    /lengths that do not fit/,
  ],
  [
    'a short origin',
    nrrd({ ...LPS, 'space directions': '(1,0,0) (0,1,0) (0,0,1)', 'space origin': '(1,2)' }),
    /space origin/,
  ],
  [
    'components between axes',
    nrrd({ kinds: 'domain vector domain' }),
    /neither the first nor the last/,
  ],
  ['five axes of space', nrrd({ dimension: '5', sizes: '1 1 1 1 1' }), /5 axes of space/],
  ['a line skip', nrrd({ 'line skip': '3' }), /line skip is 3/],
  ['a byte skip of -7', nrrd({ 'byte skip': '-7' }), /byte skip is -7/],
  ['too few pixels', nrrd({}, Buffer.alloc(3)), /promises 4 bytes/],
  [
    'pixels that are no gzip',
    nrrd({ encoding: 'gzip' }, Buffer.alloc(40)),
    /compressed pixels is damaged/,
  ],
  [
    'a gzip bomb',
    nrrd({ encoding: 'gzip' }, gzipSync(Buffer.alloc(4 << 20))),
    /goes on after the pixels/,
  ],
];

async function rejectsBad(path: string, says: RegExp): Promise<void> {
  await assert.rejects(readImage(path), (error: unknown) => {
    assert.ok(isHostError(error, 'BAD_FILE'), String(error));
    assert.match(error.message, says);
    return true;
  });
}

for (const [format, cases, extension] of [
  ['MetaImage', META, '.mha'],
  ['NRRD', NRRD, '.nrrd'],
] as const) {
  describe(`a bad ${format} gives one clear error`, () => {
    for (const [name, bytes, says] of cases) {
      it(name, () =>
        inFolder(async (folder) => {
          await writeFile(join(folder, `a${extension}`), bytes);
          await rejectsBad(join(folder, `a${extension}`), says);
        }),
      );
    }

    it('cut after every few bytes', () =>
      inFolder(async (folder) => {
        const whole = readFileSync(fixture('itk', 'images', `packed-i2${extension}`));
        const path = join(folder, `a${extension}`);
        for (let length = 0; length < whole.length; length += 17) {
          await writeFile(path, whole.subarray(0, length));
          await rejectsBad(path, /./);
        }
      }));
  });
}

describe('pixels in a file of their own', () => {
  const elsewhere = ['/etc/passwd', '../secret.raw', 'sub/../../secret.raw', 'C:\\secret.raw'];
  const headers = {
    '.mhd': (name: string) => metaImage({ ElementDataFile: name }),
    '.nhdr': (name: string) => nrrd({ 'data file': name }),
  };

  for (const [extension, header] of Object.entries(headers)) {
    it(`are never read outside the folder of the ${extension}`, () =>
      inFolder(async (outside) => {
        const folder = join(outside, 'inside');
        await mkdir(join(folder, 'sub'), { recursive: true });
        await writeFile(join(outside, 'secret.raw'), 'abcd');
        const path = join(folder, `a${extension}`);
        for (const name of elsewhere) {
          await writeFile(path, header(name));
          await rejectsBad(path, /outside the folder of the header/);
        }
        await symlink(join(outside, 'secret.raw'), join(folder, 'link.raw'));
        await writeFile(path, header('link.raw'));
        await rejectsBad(path, /outside the folder of the header/);
        await writeFile(path, header('none.raw'));
        await rejectsBad(path, /names "none.raw", which cannot be found/);
        await writeFile(join(folder, 'sub', 'a.raw'), 'abcd');
        await writeFile(path, header('sub/a.raw'));
        assert.deepEqual([...(await readImage(path)).data], [97, 98, 99, 100]);
      }));
  }

  it('may be a list of slices, a pattern, or the end of a file', () =>
    inFolder(async (folder) => {
      for (const n of [1, 2]) await writeFile(join(folder, `s${n}.raw`), Buffer.from([n, n]));
      await writeFile(join(folder, 'end.raw'), Buffer.from([9, 9, 9, 1, 1, 2, 2]));
      const small = { DimSize: '2 1 2' };
      const files: Readonly<Record<string, Buffer>> = {
        'list.mhd': metaImage(
          { ...small, ElementDataFile: 'LIST' },
          Buffer.from('s1.raw\ns2.raw\n'),
        ),
        'pattern.mhd': metaImage({ ...small, ElementDataFile: 's%d.raw 1 2 1' }),
        'end.mhd': metaImage({ ...small, HeaderSize: '-1', ElementDataFile: 'end.raw' }),
        'pattern.nhdr': nrrd({ sizes: '2 1 2', 'data file': 's%d.raw 1 2 1' }),
        'list.nhdr': Buffer.from(
          'NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 1 2\nencoding: raw\ndata file: LIST\ns1.raw\ns2.raw\n',
        ),
        'skip.nhdr': nrrd({ sizes: '2 1 2', 'byte skip': '3', 'data file': 'end.raw' }),
      };
      for (const [name, bytes] of Object.entries(files)) {
        await writeFile(join(folder, name), bytes);
        assert.deepEqual([...(await readImage(join(folder, name))).data], [1, 1, 2, 2], name);
      }
      await writeFile(join(folder, 'a.mhd'), metaImage({ ElementDataFile: 's%d.raw 1 900000 1' }));
      await rejectsBad(join(folder, 'a.mhd'), /asks for 900000 files/);
    }));
});

describe('a NRRD in another space', () => {
  it('turns RAS and LAS to LPS', () =>
    inFolder(async (folder) => {
      const where = { 'space directions': '(2,0,0) (0,3,0) (0,0,4)', 'space origin': '(5,6,7)' };
      const spaces = { 'right-anterior-superior': [-5, -6, 7], LAS: [5, -6, 7], LPS: [5, 6, 7] };
      for (const [space, origin] of Object.entries(spaces)) {
        const path = join(folder, 'a.nrrd');
        await writeFile(path, nrrd({ space, ...where }));
        const { grid } = await readImage(path);
        assert.deepEqual(grid.origin, origin);
        assert.deepEqual(grid.spacing, [2, 3, 4]);
      }
    }));
});
