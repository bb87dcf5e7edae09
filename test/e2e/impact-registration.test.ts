import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { headPhantom, writeImage } from 'voxhost/io';

const example = fileURLToPath(
  new URL('../../../host/examples/register-contrasts.mjs', import.meta.url),
);

/** Where Debian's mricron-data puts its T1 head. */
const T1_HEAD = '/usr/share/mricron/templates/ch2.nii.gz';

/** Millimetres that gradient descent with MIND may leave on a grid of 3 mm; 0.2 and 0.9 were seen. */
const RECOVERED = 1.5;

interface Report {
  readonly before: number;
  readonly after: { readonly 'mean-squares': number; readonly impact: number };
}

describe('the example that registers two contrasts of a head', function () {
  this.timeout(180_000);

  it('recovers a rigid motion of the phantom with IMPACT and MIND, where mean squares goes astray', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxhost-heads-'));
    try {
      const path = join(folder, 'phantom.nii.gz');
      await writeImage(headPhantom(), path);
      await checkExample(path, folder);
      for (const name of ['head', 'before', 'mean-squares', 'impact']) {
        assert.ok(existsSync(join(folder, `${name}.nii.gz`)), name);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('recovers that of a T1 head', async function () {
    if (!existsSync(T1_HEAD)) {
      if (this.test !== undefined) this.test.title += ' (skipped: no package mricron-data)';
      this.skip();
    }
    await checkExample(T1_HEAD);
  });
});

async function checkExample(volume: string, ...folder: readonly string[]): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [example, volume, ...folder]);
  const { before, after } = JSON.parse(stdout) as Report;
  const { 'mean-squares': squares, impact } = after;
  console.log(
    `      before ${before.toFixed(2)} mm; mean squares ${squares.toFixed(2)} mm; impact with mind ${impact.toFixed(2)} mm`,
  );
  assert.ok(before > 10, `the heads lie ${before} mm apart`);
  assert.ok(impact < RECOVERED, `mind left ${impact} mm of ${before}`);
  assert.ok(squares > 0.5 * before, `mean squares left ${squares} mm`);
}
