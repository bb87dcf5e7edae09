import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Manifest } from '@voxhost/sdk';
import { CAPABILITIES } from '#tensorflow/capabilities.js';
import { MANIFEST } from './stand-in.js';

describe('the manifest of the tensorflow plugin', () => {
  const read = async (): Promise<Manifest> => JSON.parse(await readFile(MANIFEST, 'utf8'));

  it('claims what the backend claims', async () => {
    assert.deepEqual((await read()).capabilities, CAPABILITIES);
  });

  it('has the identity of every entry', async () => {
    const { id, version, abi, targets } = await read();
    for (const path of new Set(targets.map(({ entry }) => entry.path))) {
      const { default: plugin } = await import(
        new URL(`../../../../plugins/tensorflow/${path}`, import.meta.url).href
      );
      const echo = { id: plugin.id, version: plugin.version, abi: plugin.abi };
      assert.deepEqual(echo, { id, version, abi: { min: abi.min, max: abi.max } });
    }
  });
});
