import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { chmod, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createGrid, createImage } from '@voxhost/sdk';
import { isHostError } from 'voxhost';
import { assertWritable, headPhantom, readImage, writeImage } from 'voxhost/io';
import { skipBecause } from '../support/skip-because.js';
import { fixture, inFolder } from './support.js';

/** A good little-endian .nii of int16, 5 × 4 × 3, 352 bytes of header. */
const good = (): Buffer => Buffer.from(readFileSync(fixture('nifti', 'type-i2.nii')));

const changed = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = good();
  change(bytes);
  return bytes;
};

interface Case {
  readonly name: string;
  readonly file: string;
  readonly bytes: Buffer;
  /** What the message says is wrong. */
  readonly says: RegExp;
}

const huge = (bytes: Buffer, side: number): void => {
  for (const at of [42, 44, 46]) bytes.writeInt16LE(side, at);
};

const CASES: readonly Case[] = [
  {
    name: 'a truncated .nii.gz',
    file: 'a.nii.gz',
    bytes: gzipSync(good()).subarray(0, 200),
    says: /truncated/,
  },
  { name: 'a damaged .nii.gz', file: 'a.nii.gz', bytes: damaged(), says: /gzip data is damaged/ },
  {
    name: 'less data than promised',
    file: 'a.nii',
    bytes: good().subarray(0, 400),
    says: /header promises 120 bytes/,
  },
  {
    name: 'less data than promised, in gzip',
    file: 'a.nii.gz',
    bytes: gzipSync(good().subarray(0, 400)),
    says: /pixels end after 48 bytes/,
  },
  { name: 'an empty file', file: 'a.nii', bytes: Buffer.alloc(0), says: /is empty/ },
  {
    name: 'half a header',
    file: 'a.nii',
    bytes: good().subarray(0, 100),
    says: /header ends after 100/,
  },
  {
    name: 'dim[0] of 0',
    file: 'a.nii',
    bytes: changed((b) => b.writeInt16LE(0, 40)),
    says: /dim\[0\] is 0/,
  },
  {
    name: 'dim[0] of 9',
    file: 'a.nii',
    bytes: changed((b) => b.writeInt16LE(9, 40)),
    says: /dim\[0\] is 9/,
  },
  {
    name: 'dim 0',
    file: 'a.nii',
    bytes: changed((b) => b.writeInt16LE(0, 44)),
    says: /dim\[2\] is 0/,
  },
  {
    name: 'a negative dim',
    file: 'a.nii',
    bytes: changed((b) => b.writeInt16LE(-4, 42)),
    says: /dim\[1\] is -4/,
  },
  {
    name: 'NaN spacing',
    file: 'a.nii',
    bytes: changed((b) => b.writeFloatLE(NaN, 80)),
    says: /pixdim\[1\] is NaN/,
  },
  {
    name: 'negative spacing',
    file: 'a.nii',
    bytes: changed((b) => b.writeFloatLE(-2, 84)),
    says: /pixdim\[2\] is -2/,
  },
  {
    name: 'a singular direction',
    file: 'a.nii',
    bytes: changed((b) => b.copy(b, 280, 296, 312)),
    says: /srow is singular/,
  },
  {
    name: 'an axis of length 0',
    file: 'a.nii',
    bytes: changed((b) => b.fill(0, 280, 328)),
    says: /srow has an axis/,
  },
  {
    name: 'an infinite sform',
    file: 'a.nii',
    bytes: changed((b) => b.writeFloatLE(Infinity, 284)),
    says: /srow has a number that is not finite/,
  },
  {
    name: 'a complex datatype',
    file: 'a.nii',
    bytes: changed((b) => b.writeInt16LE(32, 70)),
    says: /datatype 32 \(complex64\)/,
  },
  {
    name: 'an unknown datatype',
    file: 'a.nii',
    bytes: changed((b) => b.writeInt16LE(77, 70)),
    says: /datatype 77 \(unknown\)/,
  },
  {
    name: 'a wrong magic',
    file: 'a.nii',
    bytes: changed((b) => b.write('abc', 344)),
    says: /magic is not/,
  },
  {
    name: 'a vox_offset inside the header',
    file: 'a.nii',
    bytes: changed((b) => b.writeFloatLE(100, 108)),
    says: /vox_offset is 100/,
  },
  {
    name: 'a NaN intercept',
    file: 'a.nii',
    bytes: changed((b) => {
      b.writeFloatLE(2, 112);
      b.writeFloatLE(NaN, 116);
    }),
    says: /scl_inter/,
  },
  {
    name: 'text named .nii',
    file: 'a.nii',
    bytes: Buffer.from('I am no volume, only words.\n'.repeat(20)),
    says: /sizeof_hdr/,
  },
  {
    name: '10 TB',
    file: 'a.nii',
    bytes: changed((b) => huge(b, 17000)),
    says: /promises \d+ bytes/,
  },
  {
    name: '10 TB in gzip',
    file: 'a.nii.gz',
    bytes: gzipSync(changed((b) => huge(b, 17000))),
    says: /promises \d+ bytes/,
  },
  {
    name: 'more voxels than numbers',
    file: 'a.nii',
    bytes: changed((b) => {
      b.writeInt16LE(7, 40);
      for (let at = 42; at < 56; at += 2) b.writeInt16LE(32767, at);
    }),
    says: /more voxels than can be counted/,
  },
  {
    name: 'a gzip bomb behind the pixels',
    file: 'a.nii.gz',
    bytes: gzipSync(Buffer.concat([good(), Buffer.alloc(4 << 20)])),
    says: /goes on after the pixels/,
  },
  {
    name: 'an unknown extension',
    file: 'a.tiff',
    bytes: good(),
    says: /extension is of no known format/,
  },
];

function damaged(): Buffer {
  const bytes = gzipSync(good());
  bytes[bytes.length - 6] ^= 0xff; // in the checksum
  return bytes;
}

async function rejectsBad(path: string, says: RegExp): Promise<void> {
  await assert.rejects(readImage(path), (error: unknown) => {
    assert.ok(isHostError(error, 'BAD_FILE'), String(error));
    assert.match(error.message, says);
    assert.equal(error.fields.path, path);
    assert.ok(error.fields.remedy.length > 5);
    return true;
  });
}

describe('a bad file gives one clear error', () => {
  for (const { name, file, bytes, says } of CASES) {
    it(name, () =>
      inFolder(async (folder) => {
        const path = join(folder, file);
        await writeFile(path, bytes);
        await rejectsBad(path, says);
      }),
    );
  }

  it('truncated after every byte of its header and in its pixels', async () => {
    const bytes = good();
    await inFolder(async (folder) => {
      const path = join(folder, 'a.nii');
      for (let length = 0; length < bytes.length; length += 13) {
        await writeFile(path, bytes.subarray(0, length));
        await rejectsBad(path, /empty|header|sizeof_hdr/);
      }
    });
  });

  it('that is absent, a folder, a device, or unreadable', async () => {
    await inFolder(async (folder) => {
      await rejectsBad(join(folder, 'none.nii'), /does not exist/);
      mkdirSync(join(folder, 'folder.nii'));
      await rejectsBad(join(folder, 'folder.nii'), /is a folder/);
      await symlink('/dev/zero', join(folder, 'endless.nii'));
      await rejectsBad(join(folder, 'endless.nii'), /pipe or device/);
    });
  });

  it('that needs more memory than allowed is refused before it is allocated', async () => {
    const path = fixture('nifti', 'type-i2.nii');
    await assert.rejects(readImage(path, { maxBytes: 100 }), /needs 120 bytes of memory/);
    assert.equal((await readImage(path, { maxBytes: 120 })).data.length, 60);
  });
});

describe('an output that cannot be written', () => {
  const refuses = async (path: string, says: RegExp) => {
    for (const attempt of [assertWritable, (p: string) => writeImage(headPhantom(), p)]) {
      await assert.rejects(attempt(path), (error: unknown) => {
        assert.ok(isHostError(error, 'CANNOT_WRITE'), String(error));
        assert.match(error.message, says);
        return true;
      });
    }
  };

  it('is refused early: no folder, no format, a folder itself', () =>
    inFolder(async (folder) => {
      await refuses(join(folder, 'none', 'a.nii'), /folder does not exist/);
      await refuses(join(folder, 'a.jpeg'), /no known format/);
      mkdirSync(join(folder, 'b.nii'));
      await refuses(join(folder, 'b.nii'), /is a folder/);
      await writeFile(join(folder, 'file'), '');
      await refuses(join(folder, 'file', 'a.nii'), /folder is a file/);
    }));

  it('is written where a link leads, also one to nothing yet; a circle of links is refused', () =>
    inFolder(async (folder) => {
      const at = (name: string) => join(folder, name);
      mkdirSync(at('disk'));
      await symlink('disk', at('folder'));
      await symlink(join('folder', 'far.nii'), at('near.nii'));
      await symlink('near.nii', at('first.nii'));
      await writeImage(headPhantom(), at('first.nii'));
      assert.ok(lstatSync(join(folder, 'disk', 'far.nii')).isFile());
      assert.ok(lstatSync(at('first.nii')).isSymbolicLink());
      await symlink('b.nii', at('a.nii'));
      await symlink('a.nii', at('b.nii'));
      await refuses(at('a.nii'), /a link that leads in a circle/);
      await symlink(join('none', 'x.nii'), at('c.nii'));
      await refuses(at('c.nii'), /folder does not exist/);
    }));

  it('is refused early: a folder without permission', async function () {
    if (process.getuid?.() === 0) skipBecause(this, 'root may write everywhere');
    await inFolder(async (folder) => {
      await chmod(folder, 0o500);
      await refuses(join(folder, 'a.nii'), /may not be written/);
      await chmod(folder, 0o700);
    });
  });

  it('leaves nothing when aborted, and keeps what was there', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.nii.gz');
      await writeFile(path, 'before');
      const controller = new AbortController();
      const reason = new Error('stop');
      const progress = () => controller.abort(reason);
      const writing = writeImage(large(), path, { signal: controller.signal, progress });
      await assert.rejects(writing, (error) => error === reason);
      assert.deepEqual(await readdir(folder), ['a.nii.gz']);
      assert.equal(readFileSync(path, 'utf8'), 'before');
    }));

  it('replaces what was there only when whole, and leaves nothing else', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.nii.gz');
      await writeFile(path, 'before');
      await writeImage(headPhantom(), path);
      assert.deepEqual(await readdir(folder), ['a.nii.gz']);
      assert.equal(gunzipSync(readFileSync(path)).length, 352 + 2 * 48 * 56 * 40);
    }));
});

describe('a reading', () => {
  it('stops when aborted, with the reason of the signal', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.nii.gz');
      await writeImage(large(), path);
      const controller = new AbortController();
      const progress = () => controller.abort(new Error('stop'));
      await assert.rejects(
        readImage(path, { signal: controller.signal, progress }),
        /^Error: stop$/,
      );
    }));
});

/** Two steps of reading or writing. */
function large() {
  const grid = createGrid({ size: [256, 256, 40] });
  return createImage(grid, new Float32Array(256 * 256 * 40));
}
