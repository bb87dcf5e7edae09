import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { headPhantom, writeImage } from 'voxhost/io';
import { temporaryFolder } from '../support/temporary-folder.js';

const example = fileURLToPath(new URL('../../../host/examples/register-head.mjs', import.meta.url));

/** Where Debian's mricron-data puts its T1 head. */
const T1_HEAD = '/usr/share/mricron/templates/ch2.nii.gz';

/** Millimetres that a rigid registration may leave inside the head: a fiftieth of a voxel. */
const RIGID = 0.05;

/** That a free-form registration may leave of a T1 head; the phantom has less to hold on to within its organs. */
const FREE_FORM = { head: 0.3, phantom: 0.4 };

interface Report {
  readonly before: number;
  readonly meanSquares: number;
  readonly mutualInformationOfInvertedContrast: number;
  readonly freeForm: { readonly before: number; readonly after: number };
}

/** The T1 head where there is one, else the phantom. */
async function headIn(folder: string): Promise<'head' | 'phantom'> {
  if (existsSync(T1_HEAD)) return 'head';
  await writeImage(headPhantom(), join(folder, 'phantom.nii.gz'));
  return 'phantom';
}

describe('the example that registers a head', function () {
  this.timeout(480_000);

  it('recovers rigid motions of either contrast, and a free-form deformation', async () => {
    using folder = temporaryFolder();
    const kind = await headIn(folder.path);
    const volume = kind === 'head' ? T1_HEAD : join(folder.path, 'phantom.nii.gz');
    const { stdout } = await promisify(execFile)(process.execPath, [example, volume, folder.path]);
    const report = JSON.parse(stdout) as Report;
    const { before, meanSquares, mutualInformationOfInvertedContrast: information } = report;
    const { freeForm } = report;
    const told = [before, meanSquares, information, freeForm.before, freeForm.after];
    const [a, b, c, d, e] = told.map((mm) => mm.toFixed(3));
    console.log(`      ${kind}, mm: ${a} before, ${b} by mean squares, ${c} by mutual information`);
    console.log(`      free-form, mm: ${d} before, ${e} after`);
    assert.ok(before > 10, `the heads lie ${before} mm apart`);
    assert.ok(meanSquares < RIGID, `mean squares left ${meanSquares} mm`);
    assert.ok(information < RIGID, `mutual information left ${information} mm`);
    assert.ok(freeForm.before > 2, `the deformation is ${freeForm.before} mm`);
    assert.ok(freeForm.after < FREE_FORM[kind], `${freeForm.after} mm of deformation are left`);
    assert.equal(readdirSync(folder.path).filter((name) => /^(rigid|free)/.test(name)).length, 10);
  });
});
