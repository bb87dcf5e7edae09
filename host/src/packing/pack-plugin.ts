import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { readDocument } from '../compatibility/document.js';
import { HostError } from '../errors.js';
import { atPath } from '../io/bad-file.js';
import { readPluginFiles } from './read-plugin-files.js';
import { type PluginFile, sealManifest } from './seal.js';

/** A plugin as it is shipped: its sealed manifest first, then its files. */
export interface PackedPlugin {
  readonly manifest: Manifest;
  /** Folder that the files come from. */
  readonly root: string;
  readonly files: readonly PluginFile[];
}

/** Seals the plugin of a manifest. Throws `BAD_FILE` where it could not be installed. */
export async function packPlugin(path: string): Promise<PackedPlugin> {
  const document = readDocument(await atPath(path, () => readFile(path)), path);
  if (!document.ok) {
    const { expected, found, where } = document.refusal.evidence;
    const reason = `expected ${expected}, found ${JSON.stringify(found)} at ${where}`;
    throw new HostError('BAD_FILE', { path, reason, remedy: 'correct the manifest' });
  }
  const root = join(dirname(path), document.manifest.root ?? '.');
  const files = await readPluginFiles(root);
  const manifest = sealManifest(document.manifest, files);
  const has = new Set(files.map((file) => file.path));
  for (const { entry, probe } of manifest.targets) {
    const missing = [entry.path, probe?.path].find((each) => each !== undefined && !has.has(each));
    if (missing === undefined || entry.type === 'builtin') continue;
    const reason = `needs ${missing}, which is not among the files of ${root}`;
    throw new HostError('BAD_FILE', { path, reason, remedy: 'build it, or list it in "files"' });
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const sealed = { path: basename(path), bytes: new TextEncoder().encode(text) };
  return { manifest, root, files: [sealed, ...files] };
}
