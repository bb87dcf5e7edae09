// Fuzzes every reader in memory: node scripts/fuzz-io.mjs [RUNS=20000] [SEED=1] [READER...]. A run mutates a good
// file and parses it; a header that passes has its pixels read too. Anything but a fault that names field and remedy, or a run of
// over a second, is a find: printed with its bytes, exit 1. Only when named: `files` goes through the disk, gzip and zlib
// included; `dicom-pixels` through the worker with the DICOM library, about a second a run.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { faultIn } from '../host/dist/io/bad-file.js';
import { scanDicom } from '../host/dist/io/dicom/scan.js';
import { sortSeries } from '../host/dist/io/dicom/series.js';
import { lookup3 } from '../host/dist/io/hdf5/checksum.js';
import { metaImage } from '../host/dist/io/metaimage/index.js';
import { nifti } from '../host/dist/io/nifti/index.js';
import { nrrd } from '../host/dist/io/nrrd/index.js';
import { readVolume } from '../host/dist/io/read-image.js';
import { readPixels } from '../host/dist/io/read-pixels.js';
import { parseElastix } from '../host/dist/io/transforms/elastix.js';
import { parseH5 } from '../host/dist/io/transforms/h5.js';
import { decodeItk } from '../host/dist/io/transforms/itk-codec.js';
import { parseMatlab } from '../host/dist/io/transforms/matlab.js';
import { parseMatrixText } from '../host/dist/io/transforms/matrix-text.js';
import { parseTfm } from '../host/dist/io/transforms/tfm.js';
import { storedLength } from '../host/dist/io/volume-header.js';

const fixtures = fileURLToPath(new URL('../test/fixtures', import.meta.url));

function seeds(folder, pattern) {
  return readdirSync(join(fixtures, folder))
    .filter((name) => pattern.test(name))
    .map((name) => {
      const bytes = readFileSync(join(fixtures, folder, name));
      return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    })
    .filter((bytes) => bytes.length < 100_000);
}

/** Bytes in memory as a reader pulls them. */
function memory(bytes) {
  let at = 0;
  return {
    async read(into) {
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      at += piece.length;
      return piece.length;
    },
    close: async () => {},
  };
}

async function volume(format, bytes) {
  const header = format.parse(bytes, { name: 'a.nii' });
  const length = storedLength(header);
  if (header.place.kind !== 'inline' || header.compressed || length > bytes.length) return;
  const offset = Math.max(0, header.place.offset);
  await readPixels(memory(bytes.subarray(offset)), header, { warn: () => {} });
}

const text = (bytes) => Buffer.from(bytes).toString('utf8');
const dicom = () => [Buffer.from(DICOM, 'base64')];
const DICOM = dicomSeed();
/** A head of a file as DICOM has it: preamble, one meta element, a sequence of undefined length, geometry. */
function dicomSeed() {
  const element = (tag, vr, value) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.write(vr, 4);
    head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, Buffer.from(value)]);
  };
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x00020010, 'UI', '1.2.840.10008.1.2.1\0'),
    Buffer.from(
      '08001511535100 00ffffffff feff00e0ffffffff feff0de000000000 feffdde000000000'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    ),
    element(0x0020000e, 'UI', '1.2.3\0'),
    element(0x00200032, 'DS', '1\\2\\3 '),
    element(0x00200037, 'DS', '1\\0\\0\\0\\1\\0 '),
    element(0x00280010, 'US', '\x04\0'),
    element(0x00280011, 'US', '\x04\0'),
    element(0x00280030, 'DS', '1\\1 '),
  ]).toString('base64');
}

/** Where HDF5 structures with a checksum lie: begin, and where the checksum is. */
function sealedRanges(bytes) {
  const ranges = [];
  const letters = bytes.toString('latin1');
  for (const { index } of letters.matchAll(/OHDR|OCHK|FRHP|BTHD|BTLF|FHDB|\x89HDF/g)) {
    for (let at = index + 4; at < Math.min(index + 1024, bytes.length - 3); at++) {
      if (lookup3(bytes.subarray(index, at)) !== bytes.readUInt32LE(at)) continue;
      ranges.push([index, at]);
      break;
    }
  }
  return ranges;
}

/** Most mutations would end at a checksum: those of half the runs are made right again. */
function resealed(bytes, seed, random) {
  if (random(2) === 0 || bytes.length !== seed.length) return bytes;
  seed.ranges ??= sealedRanges(seed);
  for (const [begin, at] of seed.ranges) {
    bytes.writeUInt32LE(lookup3(bytes.subarray(begin, at)), at);
  }
  return bytes;
}

const scratch = mkdtempSync(join(tmpdir(), 'voxhost-fuzz-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** A reader of whole files: bytes to a file of that name, read as a user does. */
async function throughDisk(bytes, name) {
  const path = join(scratch, name);
  writeFileSync(path, bytes);
  try {
    await readVolume(path, { warn: () => {}, maxBytes: 1 << 24 });
  } catch (error) {
    if (error?.code !== 'BAD_FILE') throw error;
    throw faultIn('file', error.fields.reason, error.fields.remedy);
  }
}

/** Compressed files of every format, each with the name that it needs. */
function packedSeeds() {
  const names = [
    ['nifti', /\.nii\.gz$/, 'a.nii.gz'],
    ['itk/images', /^packed.*\.mha$/, 'a.mha'],
    ['itk/images', /^packed.*\.nrrd$/, 'a.nrrd'],
  ];
  return names.flatMap(([folder, pattern, name]) =>
    readdirSync(join(fixtures, folder))
      .filter((file) => pattern.test(file))
      .map((file) => Object.assign(readFileSync(join(fixtures, folder, file)), { file: name })),
  );
}

const dicomPixels = () =>
  ['jpeg-lossless', 'jpeg-ls', 'rle', 'implicit'].map((coding) =>
    Object.assign(readFileSync(join(fixtures, 'dicom', coding, 'IM0.dcm')), { file: 'a.dcm' }),
  );

const h5Seeds = () => [...seeds('itk/transforms', /\.h5$/), ...seeds('hdf5', /\.h5$/)];

const READERS = {
  nifti: [() => seeds('nifti', /\.(nii|nii\.gz|hdr)$/), (b) => volume(nifti, b)],
  metaimage: [() => seeds('itk/images', /\.m(ha|hd)$/), (b) => volume(metaImage, b)],
  nrrd: [() => seeds('itk/images', /\.n(rrd|hdr)$/), (b) => volume(nrrd, b)],
  tfm: [() => seeds('itk/transforms', /\.tfm$/), (b) => decodeItk(parseTfm(text(b)))],
  matlab: [() => seeds('itk/transforms', /\.mat$/), (b) => decodeItk(parseMatlab(b))],
  hdf5: [h5Seeds, async (b) => decodeItk(await parseH5(b)), { reach: Infinity, after: resealed }],
  files: [packedSeeds, throughDisk, { reach: Infinity, named: true }],
  'dicom-pixels': [dicomPixels, throughDisk, { reach: Infinity, named: true, seconds: 10 }],
  elastix: [() => seeds('elastix', /\.txt$/), (b) => parseElastix(text(b))],
  matrix: [
    () => [Buffer.from('# RAS\n1 0 0 5\n0 1 0 6\n0 0 1 7\n0 0 0 1\n')],
    (b) => parseMatrixText(text(b)),
  ],
  dicom: [dicom, (b) => sortSeries([{ ...scanDicom(b), path: 'a', size: b.length }])],
};

/** A small generator (xorshift32), so that a seed repeats a run. */
function generator(seed) {
  let state = seed | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const WORDS = [
  '-1',
  '0',
  'nan',
  '1e999',
  '99999999999',
  '\n',
  ' ',
  '%d',
  'none',
  '(',
  ')',
  ':',
  '=',
];

function mutate(seed, random, reach = 700) {
  let bytes = Buffer.from(seed);
  for (let n = random(4) + 1; n > 0; n--) {
    const at = random(Math.min(bytes.length, reach) + 1);
    const kind = random(6);
    if (kind === 0) bytes = bytes.subarray(0, random(bytes.length + 1));
    else if (kind === 1)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(8))]);
    else if (kind === 2) {
      const word = Buffer.from(WORDS[random(WORDS.length)]);
      bytes = Buffer.concat([bytes.subarray(0, at), word, bytes.subarray(at)]);
    } else if (at < bytes.length)
      bytes[at] = kind === 3 ? [0, 255, 127, 128][random(4)] : random(256);
  }
  return bytes;
}

const isFault = (error) => typeof error?.fault?.field === 'string' && error.fault.remedy !== '';

const [runs = '20000', firstSeed = '1', ...only] = process.argv.slice(2);
let finds = 0;
for (const [name, [load, read, special = {}]] of Object.entries(READERS)) {
  if (only.length > 0 ? !only.includes(name) : special.named) continue;
  const random = generator(Number(firstSeed) * 2654435761);
  const good = load();
  let refused = 0;
  for (let n = 0; n < Number(runs); n++) {
    const seed = good[random(good.length)];
    const mutated = mutate(seed, random, special.reach);
    const bytes = special.after?.(mutated, seed, random) ?? mutated;
    const begin = process.cpuUsage();
    try {
      await read(bytes, seed.file);
    } catch (error) {
      if (isFault(error)) refused++;
      else {
        finds++;
        console.log(`${name}: ${error?.stack}\n${bytes.toString('base64').slice(0, 4000)}`);
      }
    }
    const { user, system } = process.cpuUsage(begin); // of this process: other jobs may share the machine
    if (user + system > 1e6 * (special.seconds ?? 1)) {
      finds++;
      console.log(
        `${name}: took ${((user + system) / 1e6).toFixed(1)} s\n${bytes.toString('base64').slice(0, 4000)}`,
      );
    }
    if (finds >= 5) process.exit(1);
  }
  console.log(`${name}: ${runs} runs from ${good.length} seeds, ${refused} refused`);
}
process.exitCode = finds === 0 ? 0 : 1;
