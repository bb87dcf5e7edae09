import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { pathToFileURL } from 'node:url';
import { HostError } from '../errors.js';
import type { FileFacts, PluginSource } from './plugin-source.js';

/** The files of this machine. Synchronous inside: for small files that is several times faster than the thread pool. */
export function createDiskSource(): PluginSource {
  return {
    kind: 'disk',
    list: async (folder) => listFolder(folder),
    stat: async (path) => statFile(path),
    real: async (path) => realpathSync.native(path),
    read: async (path, limit) => readRegular(path, limit),
    module: async (path) => pathToFileURL(path),
  };
}

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

function listFolder(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function statFile(path: string): FileFacts | undefined {
  try {
    return factsOf(lstatSync(path));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const factsOf = (stats: Stats): FileFacts => ({
  kind: kindOf(stats),
  size: stats.size,
  mtimeMs: stats.mtimeMs,
  ino: stats.ino,
  uid: stats.uid,
  mode: stats.mode & 0o7777,
});

function kindOf(stats: Stats): FileFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** Absent on Windows, where there are no FIFOs to hang on. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Looks before it opens (a FIFO would hang) and again after (the path may have been swapped); never mixes two contents. */
function readRegular(path: string, limit = Number.MAX_SAFE_INTEGER): Uint8Array {
  if (!lstatSync(path).isFile()) throw badFile(path, 'is not a regular file');
  const descriptor = openSync(path, CAREFULLY);
  try {
    const before = fstatSync(descriptor);
    if (!before.isFile()) throw badFile(path, 'is not a regular file');
    if (before.size > limit) throw badFile(path, `has ${before.size} bytes, more than ${limit}`);
    const bytes = new Uint8Array(before.size + 1);
    const length = readFully(descriptor, bytes);
    const after = fstatSync(descriptor);
    if (length !== before.size || after.mtimeMs !== before.mtimeMs)
      throw badFile(path, 'changed while it was read');
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function readFully(descriptor: number, into: Uint8Array): number {
  let length = 0;
  while (length < into.length) {
    const count = readSync(descriptor, into, length, into.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}

const badFile = (path: string, reason: string) =>
  new HostError('BAD_FILE', { path, reason, remedy: 'put a regular file there' });
