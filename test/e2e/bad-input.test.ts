import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { niftiBytes } from '../support/nifti-bytes.js';
import { type Ended, runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

/** Voxels of the plain 4 x 4 x 4 int16 volume, in bytes. */
const VOXELS = 128;

/** The user id that Linux gives to nobody. */
const NOBODY = 65534;

const good = niftiBytes({}, VOXELS);

interface BadInput {
  readonly what: string;
  /** Input's name; its bytes are written unless `absent`. */
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly options?: readonly string[];
  /** The file that the message must name, where it is not the input. */
  readonly output?: string;
  /** What the message must say, remedy included. */
  readonly says: RegExp;
}

const TABLE: readonly BadInput[] = [
  {
    what: 'truncated .nii.gz',
    name: 'cut.nii.gz',
    bytes: gzipSync(good).subarray(0, 60),
    says: /truncated|ends|incomplete/,
  },
  {
    what: 'a checksum that does not fit',
    name: 'flipped.nii.gz',
    bytes: flipCrc(gzipSync(good)),
    says: /check|damaged|corrupt/,
  },
  {
    what: 'a header that promises more data than there is',
    name: 'short.nii',
    bytes: good.subarray(0, good.length - 5),
    says: /347|352|480|475|128|123|ends|promises|truncated/,
  },
  {
    what: 'dim 0',
    name: 'zero.nii',
    bytes: niftiBytes({ dim: [3, 4, 0, 4, 1, 1, 1, 1] }, VOXELS),
    says: /dim\[2\]/,
  },
  {
    what: 'dim negative',
    name: 'negative.nii',
    bytes: niftiBytes({ dim: [3, 4, 4, -4, 1, 1, 1, 1] }, VOXELS),
    says: /dim\[3\]/,
  },
  {
    what: 'NaN spacing',
    name: 'nan.nii',
    bytes: niftiBytes({ sformCode: 0, pixdim: [1, 1, Number.NaN, 1, 0, 0, 0, 0] }, VOXELS),
    says: /pixdim/,
  },
  {
    what: 'a singular direction',
    name: 'flat.nii',
    bytes: niftiBytes(
      {
        srow: [
          [1, 0, 1, 0],
          [0, 1, 0, 0],
          [1, 0, 1, 0],
        ],
      },
      VOXELS,
    ),
    says: /srow|sform|direction/,
  },
  {
    what: 'an unsupported datatype',
    name: 'complex.nii',
    bytes: niftiBytes({ datatype: 32, bitpix: 64 }, 8 * 64),
    says: /datatype/,
  },
  {
    what: 'text named .nii',
    name: 'text.nii',
    bytes: new TextEncoder().encode('This is no volume.\n'.repeat(40)),
    says: /NIfTI|nifti|magic|sizeof_hdr/,
  },
  { what: 'an empty file', name: 'empty.nii', bytes: new Uint8Array(), says: /empty/ },
  { what: 'a path that does not exist', name: 'absent.nii.gz', says: /does not exist/ },
  {
    what: 'a header that would need 10 TB',
    name: 'huge.nii',
    bytes: niftiBytes({ dim: [3, 32767, 32767, 5000, 1, 1, 1, 1] }, VOXELS),
    says: /bytes|memory|promises|ends/,
  },
  {
    what: 'an output directory that is missing',
    name: 'good.nii',
    bytes: good,
    output: 'nowhere/out.nii.gz',
    says: /folder does not exist; create/,
  },
  {
    what: 'an output without a format',
    name: 'good.nii',
    bytes: good,
    output: 'out.txt',
    says: /extension.*use one of/,
  },
  {
    what: 'an output of 10 TB',
    name: 'good.nii',
    bytes: good,
    output: 'out.nii',
    options: ['--size', '20000,20000,12500'],
    says: /TB.*fewer voxels/,
  },
];

function flipCrc(gz: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(gz);
  copy[copy.length - 8] ^= 0xff;
  return copy;
}

describe('bad input: one clear line, exit 3, no output', () => {
  for (const bad of TABLE) {
    it(bad.what, async () => {
      await using folder = await scratchFolder();
      const { name, bytes, options = [], output = 'out.nii.gz', says } = bad;
      if (bytes !== undefined) await writeFile(join(folder.path, name), bytes);
      const before = await readdir(folder.path);
      const ended = await runVoxhost(['resample', name, output, ...options], folder.path);
      assertOneClearLine(ended, bad.output ?? name, says);
      assert.deepEqual(await readdir(folder.path), before, 'nothing was left behind');
    });
  }

  it('an unreadable path: a folder', async () => {
    await using folder = await scratchFolder();
    await mkdir(join(folder.path, 'dir.nii'));
    const ended = await runVoxhost(['resample', 'dir.nii', 'out.nii'], folder.path);
    assertOneClearLine(ended, 'dir.nii', /is a folder.*; name the file/);
  });

  it('an unreadable path: no permission', async () => {
    await using folder = await scratchFolder();
    await chmod(folder.path, 0o777);
    await writeFile(join(folder.path, 'secret.nii'), good, { mode: 0 });
    // The super-user reads everything: the command then runs as nobody.
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    const ended = await runVoxhost(['resample', 'secret.nii', 'out.nii'], folder.path, { uid });
    assertOneClearLine(ended, 'secret.nii', /may not be read; change its permissions/);
  });
});

function assertOneClearLine({ exitCode, out, err }: Ended, file: string, says: RegExp): void {
  assert.equal(exitCode, 3, err);
  assert.equal(out, '');
  const lines = err.trimEnd().split('\n');
  assert.equal(lines.length, 1, err);
  assert.ok(err.startsWith(`voxhost: ${file}: `), err);
  assert.match(err, says);
  assert.match(err, /; \S/, 'the remedy follows the reason');
}
