import { createHash } from 'node:crypto';
import type { FileSeal, Manifest } from '@voxhost/sdk';

/** A file of a plugin: its path below the plugin's root, with `/`. */
export interface PluginFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a sealed manifest says of a file. */
export const sealOf = ({ path, bytes }: PluginFile): FileSeal => ({
  path,
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/**
 * The manifest as it is shipped: beside its files (root `.`), every one of which each target lists with size
 * and digest, by path. A plugin is packed whole, so that one lock line is right on all machines.
 */
export function sealManifest(manifest: Manifest, files: readonly PluginFile[]): Manifest {
  const seals = files.map(sealOf).sort((a, b) => (a.path < b.path ? -1 : 1));
  const targets = manifest.targets.map((target) => ({ ...target, files: seals }));
  return { ...manifest, root: '.', targets };
}
