import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { transformDimensions, transformPoint } from 'voxhost/geometry';
import { readTransform, writeTransform } from 'voxhost/io';
import { pointsOf } from '../../geometry/itk-numbers.js';
import { skipBecause } from '../../support/skip-because.js';
import { fixture, inFolder, largestDifference } from '../support.js';

/** The built test/fixtures/itk/program/print-points.cxx. */
const PROGRAM = process.env['VOXHOST_ITK_POINTS'];

/** Float64 sums in another order, of coordinates of some hundred. */
const ROUNDING = 1e-9;

const names = readdirSync(fixture('itk', 'transforms'))
  .filter((name) => name.endsWith('.tfm'))
  .map((name) => name.slice(0, -4));

async function isReadByItk(program: string, name: string, extension: string): Promise<void> {
  await inFolder(async (folder) => {
    const transform = await readTransform(fixture('itk', 'transforms', `${name}.tfm`));
    const path = join(folder, `out${extension}`);
    await writeTransform(transform, path);
    const { status, stdout, stderr } = spawnSync(program, [path], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const mapped = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    assert.equal(mapped.length, 1000);
    for (const [k, point] of pointsOf(transformDimensions(transform)).entries()) {
      const found = transformPoint(transform, point);
      const off = largestDifference(found, mapped[k]);
      assert.ok(off < ROUNDING, `${name}${extension}, point ${k}: ${found}`);
    }
  });
}

describe('what is written as a transform is what ITK reads', () => {
  it('of every kind, as .tfm and .h5, at 1000 points', async function () {
    if (PROGRAM === undefined)
      skipBecause(this, 'VOXHOST_ITK_POINTS names no built program of ITK');
    for (const name of names) {
      for (const extension of ['.tfm', '.h5']) await isReadByItk(PROGRAM, name, extension);
    }
  });
});
