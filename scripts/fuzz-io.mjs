// Fuzzes every reader in memory: node scripts/fuzz-io.mjs [RUNS=20000] [SEED=1] [READER...]. A run mutates a good
// file and parses it; a header that passes has its pixels read too. Anything but a fault that names field and remedy, or a run of
// over a second, is a find: printed with its bytes, exit 1.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { scanDicom } from '../host/dist/io/dicom/scan.js';
import { sortSeries } from '../host/dist/io/dicom/series.js';
import { metaImage } from '../host/dist/io/metaimage/index.js';
import { nifti } from '../host/dist/io/nifti/index.js';
import { nrrd } from '../host/dist/io/nrrd/index.js';
import { readPixels } from '../host/dist/io/read-pixels.js';
import { parseElastix } from '../host/dist/io/transforms/elastix.js';
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
    .filter((bytes) => bytes.length < 20_000);
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

const READERS = {
  nifti: [() => seeds('nifti', /\.(nii|nii\.gz|hdr)$/), (b) => volume(nifti, b)],
  metaimage: [() => seeds('itk/images', /\.m(ha|hd)$/), (b) => volume(metaImage, b)],
  nrrd: [() => seeds('itk/images', /\.n(rrd|hdr)$/), (b) => volume(nrrd, b)],
  tfm: [() => seeds('itk/transforms', /\.tfm$/), (b) => decodeItk(parseTfm(text(b)))],
  matlab: [() => seeds('itk/transforms', /\.mat$/), (b) => decodeItk(parseMatlab(b))],
  elastix: [() => seeds('elastix', /\.txt$/), (b) => parseElastix(text(b))],
  matrix: [
    () => [Buffer.from('# RAS\n1 0 0 5\n0 1 0 6\n0 0 1 7\n0 0 0 1\n')],
    (b) => parseMatrixText(text(b)),
  ],
  dicom: [dicom, (b) => sortSeries([{ ...scanDicom(b), path: 'a' }])],
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

function mutate(seed, random) {
  let bytes = Buffer.from(seed);
  for (let n = random(4) + 1; n > 0; n--) {
    const at = random(Math.min(bytes.length, 700) + 1);
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

const [runs = '20000', seed = '1', ...only] = process.argv.slice(2);
let finds = 0;
for (const [name, [load, read]] of Object.entries(READERS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const random = generator(Number(seed) * 2654435761);
  const good = load();
  let refused = 0;
  for (let n = 0; n < Number(runs); n++) {
    const bytes = mutate(good[random(good.length)], random);
    const begin = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      if (isFault(error)) refused++;
      else {
        finds++;
        console.log(`${name}: ${error?.stack}\n${bytes.toString('base64').slice(0, 4000)}`);
      }
    }
    if (performance.now() - begin > 1000) {
      finds++;
      console.log(`${name}: took over a second\n${bytes.toString('base64').slice(0, 4000)}`);
    }
    if (finds >= 5) process.exit(1);
  }
  console.log(`${name}: ${runs} runs from ${good.length} seeds, ${refused} refused`);
}
process.exitCode = finds === 0 ? 0 : 1;
