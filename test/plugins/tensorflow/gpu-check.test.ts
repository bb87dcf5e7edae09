import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { start } from '../../support/run-voxhost.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { standInSource, writePackage } from './stand-in.js';

describe('scripts/gpu-check --tensorflow', function () {
  this.timeout(120_000);

  it('tries the contract on the package in a folder, and writes what it found', async () => {
    using folder = temporaryFolder();
    const user = writePackage(folder, { source: await standInSource() });
    const argv = [resolve('scripts/gpu-check.mjs'), '--tensorflow', user, '--out', 'found.json'];
    const { exitCode, err } = await start(process.execPath, argv, folder.path).ended;
    assert.equal(exitCode, 0, err);
    const found = JSON.parse(readFileSync(join(folder.path, 'found.json'), 'utf8'));
    assert.equal(found.package, '@tensorflow/tfjs-node-gpu');
    assert.equal(found.proof.computes, 'cpu');
    assert.ok(found.conformance.passed > 50);
    assert.deepEqual([found.conformance.failed, found.leaked], [[], 0]);
  });
});
