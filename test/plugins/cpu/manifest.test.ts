import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import plugin from '@voxhost/plugin-cpu';
import { CAPABILITIES } from '@voxhost/plugin-cpu/internal/capabilities';
import type { Manifest } from '@voxhost/sdk';
import { createCpu } from './support.js';

const MANIFEST = new URL('../../../../manifests/org.voxhost.cpu.plugin.json', import.meta.url);

describe('the manifest of the cpu plugin', () => {
  const read = async (): Promise<Manifest> => JSON.parse(await readFile(MANIFEST, 'utf8'));

  it('claims what the backend claims', async () => {
    assert.deepEqual((await read()).capabilities, CAPABILITIES);
    await using backend = await createCpu();
    assert.deepEqual(backend.capabilities, CAPABILITIES);
  });

  it('has the identity of the plugin', async () => {
    const { id, version, abi } = await read();
    assert.deepEqual({ id, version }, { id: plugin.id, version: plugin.version });
    assert.deepEqual({ min: abi.min, max: abi.max }, plugin.abi);
  });
});
