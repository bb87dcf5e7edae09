import { createHash } from 'node:crypto';
import type { Manifest } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { PluginSource } from '../files/plugin-source.js';

/**
 * A source that gives only bytes which the sealed manifest knows: a file that was exchanged after it was checked is
 * never loaded, since what is imported is the very bytes whose digest was taken.
 *
 * @param root - folder that the manifest's paths are relative to
 */
export function createSealedSource(
  source: PluginSource,
  root: string,
  manifest: Manifest,
): PluginSource {
  const seals = new Map(
    manifest.targets.flatMap(({ files = [] }) =>
      files.map((seal) => [source.join(root, seal.path), seal] as const),
    ),
  );
  const read = async (path: string): Promise<Uint8Array> => {
    const seal = seals.get(path);
    if (seal === undefined) throw unsealed(path, 'is not among the sealed files');
    const bytes = await source.read(path, seal.size);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest === seal.sha256) return bytes;
    throw unsealed(path, 'is not what the manifest sealed');
  };
  return {
    ...source,
    read,
    module: async (path) => {
      const bytes = await read(path);
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
      return new URL(`data:text/javascript;base64,${text}`);
    },
  };
}

const unsealed = (path: string, reason: string) =>
  new HostError('BAD_FILE', { path, reason, remedy: 'install the plugin again' });
