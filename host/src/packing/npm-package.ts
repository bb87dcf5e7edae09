import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { isRecord } from '../compatibility/check-shape.js';
import type { PluginFile } from './seal.js';

/**
 * The `package.json` of an archive, by which npm installs and publishes it and layer 5 finds the plugin: no scripts and
 * no dependencies, since a packed plugin has all its code.
 *
 * @param root - folder of the plugin; a package.json there gives the name, and how `.js` files are read (`type`)
 */
export async function npmPackage(manifest: Manifest, root: string): Promise<PluginFile> {
  const { id, version, license } = manifest;
  const { name = id, type } = await readOwn(join(root, 'package.json'));
  const content = { name, version, license, type, voxhost: { manifest: `${id}.plugin.json` } };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  return { path: 'package.json', bytes: new TextEncoder().encode(text) };
}

/** What is no JSON was refused when the plugin's files were chosen by it. */
async function readOwn(
  path: string,
): Promise<{ readonly name?: unknown; readonly type?: unknown }> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const content: unknown = JSON.parse(text);
  return isRecord(content) ? content : {};
}
