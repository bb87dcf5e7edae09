// Reads one float32 .nii.gz of SIDE^2 x SIDE voxels in a process of its own: node test/bench/io-large.mjs [SIDE=640]
// (1024 is 4 GiB). Prints time, the process's peak memory less its start, and how often a timer of 10 ms came through.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const side = Number(process.argv[2] ?? 640);
const folder = mkdtempSync(join(tmpdir(), 'voxhost-large-'));
const file = join(folder, 'a.nii.gz');

function header() {
  const bytes = Buffer.alloc(352);
  bytes.writeInt32LE(348, 0);
  [3, side, side, side, 1, 1, 1, 1].forEach((n, i) => {
    bytes.writeInt16LE(n, 40 + 2 * i);
  });
  bytes.writeInt16LE(16, 70);
  for (let i = 0; i < 8; i++) bytes.writeFloatLE(1, 76 + 4 * i);
  bytes.writeFloatLE(352, 108);
  bytes.write('n+1', 344);
  return bytes;
}

function* pixels() {
  yield header();
  const slice = new Float32Array(side * side);
  for (let z = 0; z < side; z++) {
    for (let i = 0; i < slice.length; i++) slice[i] = Math.round(Math.sin(i / 999 + z) * 500);
    yield Buffer.from(slice.buffer.slice(0));
  }
}

const READ = `
import { readImage } from 'voxhost/io';
let ticks = 0;
setInterval(() => ticks++, 10).unref();
const before = process.resourceUsage().maxRSS;
const begin = performance.now();
const { data } = await readImage(process.argv[1]);
const ms = performance.now() - begin;
const over = (process.resourceUsage().maxRSS - before) * 1024;
console.log(ms.toFixed(0) + ' ms, peak ' + (over / data.byteLength).toFixed(3) + ' x the volume, ' + ticks + ' ticks');`;

try {
  await pipeline(Readable.from(pixels()), createGzip({ level: 1 }), createWriteStream(file));
  const [volume, packed] = [4 * side ** 3, statSync(file).size].map((n) =>
    (n / 2 ** 20).toFixed(0),
  );
  const argv = ['--input-type=module', '-e', READ, file];
  const said = execFileSync(process.execPath, argv, { encoding: 'utf8' });
  process.stdout.write(`${volume} MiB (${packed} MiB packed): ${said}`);
} finally {
  rmSync(folder, { recursive: true });
}
