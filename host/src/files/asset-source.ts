import { createHash } from 'node:crypto';
import { memorySource } from '../binary/byte-view.js';
import { normal } from '../binary/search-elf.js';
import { HostError } from '../errors.js';
import type { FileFacts, FolderEntry, PluginSource } from './plugin-source.js';

/** Bytes of an asset by its key; undefined where there is none. `sea.getRawAsset` with its error taken away. */
export type GetAsset = (key: string) => ArrayBuffer | undefined;

/** Folder that the assets appear in. It is no path of any disk. */
export const ASSET_ROOT = '/voxhost-assets';

const UNCHANGING = { mtimeMs: 0, ino: 0, uid: 0, mode: 0o444 };

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  wasm: 'application/wasm',
  json: 'application/json',
};

/**
 * Plugins inside a single executable.
 *
 * @param index - every asset's key, a path with `/` below `ASSET_ROOT`
 */
export function createAssetSource(getAsset: GetAsset, index: readonly string[]): PluginSource {
  const keys = new Set(index);
  const read = (path: string): Uint8Array => {
    const key = keyOf(path);
    const bytes = key !== undefined && keys.has(key) ? getAsset(key) : undefined;
    if (bytes === undefined) throw badAsset(path, 'is not in this executable');
    return new Uint8Array(bytes);
  };
  return {
    kind: 'assets',
    join: (folder, ...below) => normal([folder, ...below].join('/')),
    folderOf: (path) => path.slice(0, Math.max(path.lastIndexOf('/'), 1)),
    list: async (folder) => listAssets(keys, folder),
    stat: async (path) => statAsset(keys, path, read),
    real: async (path) => path,
    read: async (path, limit = Number.MAX_SAFE_INTEGER) => {
      const bytes = read(path);
      if (bytes.length > limit) throw badAsset(path, `has more than ${limit} bytes`);
      return bytes;
    },
    load: async (path, limit) => {
      const bytes = read(path);
      const facts = { kind: 'file', size: bytes.length, ...UNCHANGING } as const;
      return bytes.length > limit ? { facts } : { facts, bytes };
    },
    digest: async (path) => createHash('sha256').update(read(path)).digest('hex'),
    open: async (path) => ({ ...memorySource(read(path)), [Symbol.dispose]: () => {} }),
    module: async (path) => new URL(`data:${mediaType(path)};base64,${base64(read(path))}`),
  };
}

/** The asset's key; `''` for the root itself, undefined outside it. */
function keyOf(path: string): string | undefined {
  if (path === ASSET_ROOT) return '';
  return path.startsWith(`${ASSET_ROOT}/`) ? path.slice(ASSET_ROOT.length + 1) : undefined;
}

function listAssets(keys: ReadonlySet<string>, folder: string): readonly FolderEntry[] | undefined {
  const key = keyOf(folder);
  if (key === undefined) return undefined;
  const prefix = key === '' ? '' : `${key}/`;
  const below = [...keys].filter((each) => each.startsWith(prefix));
  if (below.length === 0) return undefined;
  const names = new Set(below.map((each) => each.slice(prefix.length).split('/')[0] ?? ''));
  return [...names].map((name) => ({
    name,
    kind: keys.has(prefix + name) ? 'file' : 'directory',
  }));
}

function statAsset(
  keys: ReadonlySet<string>,
  path: string,
  read: (path: string) => Uint8Array,
): FileFacts | undefined {
  const key = keyOf(path);
  if (key !== undefined && keys.has(key))
    return { kind: 'file', size: read(path).length, ...UNCHANGING };
  return listAssets(keys, path) === undefined
    ? undefined
    : { kind: 'directory', size: 0, ...UNCHANGING };
}

function mediaType(path: string): string {
  const extension = path.split('.').at(-1) ?? '';
  return MEDIA_TYPES[extension] ?? 'text/javascript';
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

const badAsset = (path: string, reason: string) =>
  new HostError('BAD_FILE', { path, reason, remedy: 'build the executable again' });
