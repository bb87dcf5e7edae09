import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Manifest } from '@voxhost/sdk';
import { CAPABILITIES } from '#cuda/capabilities.js';
import { oldestDriver } from '#cuda/oldest-driver.js';
import plugin from '#cuda/plugin.js';
import { parsePtx } from '#cuda/ptx.js';
import { compiledPtx } from '../../support/fake-driver.js';
import { skipBecause } from '../../support/skip-because.js';

const MANIFEST = new URL('../../../../manifests/org.voxhost.cuda.plugin.json', import.meta.url);

describe('the manifest of the cuda plugin', () => {
  const manifest: Manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));

  it('claims what the backend claims', () => {
    assert.deepEqual(manifest.capabilities, CAPABILITIES);
  });

  it('has the identity of the plugin', () => {
    const { id, version, abi } = manifest;
    assert.deepEqual({ id, version }, { id: plugin.id, version: plugin.version });
    assert.deepEqual({ min: abi.min, max: abi.max }, plugin.abi);
  });

  it('asks for the oldest driver that loads the version of PTX that ptxas took the kernels as', function () {
    const ptx = compiledPtx();
    if (ptx === undefined) skipBecause(this, 'nvcc is not here');
    const oldest = oldestDriver(parsePtx(ptx).version);
    const asked = manifest.targets.map(({ os, requires }) => [os, requires?.drivers?.[0]?.min]);
    assert.deepEqual(asked, [
      ['linux', oldest?.linux],
      ['win32', oldest?.windows],
    ]);
  });
});
