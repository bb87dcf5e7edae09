import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHostError } from 'voxhost';
import type { Transform } from 'voxhost/geometry';
import { readTransform, writeTransform } from 'voxhost/io';
import { fixture, inFolder } from '../support.js';

/** All fields and numbers; 0 and -0, which ITK's text does not tell apart, are one. */
const plain = (transform: Transform): string => JSON.stringify(transform);

const file = (name: string): string => fixture('itk', 'transforms', name);

describe('an ITK HDF5 transform', () => {
  const names = ['euler-3d', 'field-3d', 'composite-all'];
  for (const name of names) {
    it(`${name}.h5 is what ITK wrote as text, and is written and read back`, () =>
      inFolder(async (folder) => {
        const text = await readTransform(file(`${name}.tfm`));
        assert.equal(plain(await readTransform(file(`${name}.h5`))), plain(text));
        await writeTransform(text, join(folder, 'out.h5'));
        assert.equal(plain(await readTransform(join(folder, 'out.h5'))), plain(text));
      }));
  }

  it('does not hold up the event loop', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    try {
      await readTransform(file('composite-all.h5'));
    } finally {
      clearInterval(timer);
    }
    assert.ok(ticks > 0);
  });

  it('stops with the reason of its signal', async () => {
    const controller = new AbortController();
    const reading = readTransform(file('composite-all.h5'), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stop')), 1);
    await assert.rejects(reading, /stop|abort/i);
  });
});

describe('a bad HDF5 file gives one clear error', () => {
  const good = readFileSync(file('euler-3d.h5'));
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  };
  const cases: readonly (readonly [name: string, bytes: Buffer, says: RegExp])[] = [
    ['text', Buffer.from('no HDF5 at all'), /signature is not that of HDF5/],
    ['empty', Buffer.alloc(0), /signature/],
    ['only the signature', good.subarray(0, 8), /cannot be read|TransformGroup/],
    ['half of it', good.subarray(0, good.length / 2), /cannot be read|TransformGroup|Transform/],
    ['zeros after the signature', changed((b) => b.fill(0, 8)), /cannot be read|TransformGroup/],
    [
      'another type',
      changed((b) => b.write('Euler9D', b.indexOf('Euler3D'))),
      /Euler9DTransform_double_3_3/,
    ],
  ];
  for (const [name, bytes, says] of cases) {
    it(name, () =>
      inFolder(async (folder) => {
        const path = join(folder, 'a.h5');
        await writeFile(path, bytes);
        await assert.rejects(readTransform(path), (error: unknown) => {
          assert.ok(isHostError(error, 'BAD_FILE'), String(error));
          assert.match(error.message, says);
          return true;
        });
      }),
    );
  }
});
