import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHostError } from 'voxhost';
import type { Transform } from 'voxhost/geometry';
import { readTransform, writeTransform } from 'voxhost/io';
import { encodeH5 } from '#host/io/transforms/h5.js';
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

  it('composite-many.h5, whose members are in a heap and packed, is what ITK wrote as text', async () => {
    const text = await readTransform(file('composite-many.tfm'));
    assert.equal(plain(await readTransform(file('composite-many.h5'))), plain(text));
  });

  it('stops with the reason of its signal', async () => {
    const reason = new Error('stop');
    const reading = readTransform(file('field-3d.h5'), { signal: AbortSignal.abort(reason) });
    await assert.rejects(reading, (error) => error === reason);
  });
});

describe('an HDF5 transform in the forms that ITK does not write', () => {
  const counts = { 'symbols.h5': 2, 'chunks.h5': 6, 'many-symbols.h5': 40 };
  for (const [name, count] of Object.entries(counts)) {
    it(`${name} of libhdf5's first versions is read`, async () => {
      const read = await readTransform(fixture('hdf5', name));
      assert.ok(read.kind === 'composite');
      assert.equal(read.members.length, count);
      for (const [i, member] of read.members.entries()) {
        const n = i + 1;
        const translates = n % 2 === 1;
        assert.equal(member.kind, translates ? 'translation' : 'affine');
        const wanted = translates ? [n, -2.5, 0.125] : [1, 0, 0.25, 0, 1, 0, 0, 0, 1, n, 2, 3];
        assert.deepEqual([...member.parameters], wanted);
        if (member.kind === 'affine') assert.deepEqual([...member.center], [4, 5, 6]);
      }
    });
  }

  it('is read by libhdf5 as it was written by us', async () => {
    const { default: h5 } = await import('h5wasm');
    const { FS } = await h5.ready;
    const count = 20; // more than HDF5 itself would keep in a group's header
    const records = Array.from({ length: count }, (_, n) => ({
      type: 'TranslationTransform_double_3_3',
      parameters: [n, 0.1, -1e300],
      fixed: [],
    }));
    FS.writeFile('/ours.h5', encodeH5(records));
    const read = new h5.File('/ours.h5', 'r');
    for (const [n, { type, parameters }] of records.entries()) {
      const at = (name: string) => read.get(`TransformGroup/${n}/Transform${name}`) as H5Dataset;
      assert.deepEqual(at('Type').value, [type]);
      assert.deepEqual([...at('Parameters').value], parameters);
      assert.equal(at('FixedParameters').value.length, 0);
    }
  });
});

interface H5Dataset {
  readonly value: ArrayLike<number> & Iterable<number>;
}

async function refuses(bytes: Uint8Array, says: RegExp): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, 'a.h5');
    await writeFile(path, bytes);
    await assert.rejects(readTransform(path), (error: unknown) => {
      assert.ok(isHostError(error, 'BAD_FILE'), String(error));
      assert.match(error.message, says);
      return true;
    });
  });
}

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
    ['only the signature', good.subarray(0, 8), /ends too early/],
    ['half of it', good.subarray(0, good.length / 2), /is truncated/],
    ['zeros after the signature', changed((b) => b.fill(0, 8)), /addresses of 0,0 bytes/],
    ['one wrong byte', changed((b) => b.write('X', b.indexOf('TransformGroup'))), /checksum/],
    [
      'another type',
      changed((b) => b.write('Euler9D', b.indexOf('Euler3D'))),
      /Euler9DTransform_double_3_3/,
    ],
  ];
  for (const [name, bytes, says] of cases) {
    it(name, () => refuses(bytes, says));
  }

  for (const name of ['itk/transforms/euler-3d.h5', 'hdf5/symbols.h5']) {
    it(`${name} cut anywhere`, async () => {
      const whole = readFileSync(fixture(...name.split('/')));
      for (let length = 0; length < whole.length; length += 97) {
        await refuses(whole.subarray(0, length), /./);
      }
    });
  }
});
