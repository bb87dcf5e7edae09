import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTransform } from 'voxhost/io';
import { fixture, inFolder } from '../support.js';

const file = (name: string): string => fixture('itk', 'transforms', name);

describe('a .mat, as ITK and ANTs write matrices', () => {
  for (const name of ['affine-3d', 'euler-3d']) {
    it(`${name}.mat is what ITK wrote as text`, async () => {
      assert.deepEqual(
        await readTransform(file(`${name}.mat`)),
        await readTransform(file(`${name}.tfm`)),
      );
    });
  }

  it('broken gives one clear error', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.mat');
      const good = readFileSync(file('affine-3d.mat'));
      const huge = Buffer.from(good);
      huge.writeInt32LE(0x7fffffff, 4);
      for (const [bytes, says] of [
        [good.subarray(0, 100), /promises 12 x 1 numbers that are not there/],
        [good.subarray(0, 150), /is none of MATLAB level 4/],
        [huge, /promises 2147483647 x 1 numbers/],
      ] as const) {
        await writeFile(path, bytes);
        await assert.rejects(readTransform(path), says);
      }
    }));
});
