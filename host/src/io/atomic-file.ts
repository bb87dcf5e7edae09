import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HostError } from '../errors.js';
import { systemCode } from './bad-file.js';

/** One file of an output that appears whole or not at all. */
export interface AtomicPart {
  readonly path: string;
  /**
   * Writes everything to the open temporary file: by `writeFile`, or counting what each `write` took, since on a disk
   * that fills a `write` takes less than it was given and says nothing.
   */
  readonly write: (handle: FileHandle) => Promise<void>;
}

/**
 * Writes each part to a temporary file in its own folder, flushes it to the disk, then renames them in
 * order. After any failure or abort nothing of it is left. Throws CANNOT_WRITE for what the system refuses.
 */
export async function writeAtomically(parts: readonly AtomicPart[]): Promise<void> {
  const staged: { readonly from: string; readonly to: string }[] = [];
  let current = parts[0]?.path ?? '';
  // Also of a process that is ended at once, as by a second Ctrl-C or by a plugin that calls `process.exit`.
  const removeAll = () => {
    for (const { from } of staged) rmSync(from, { force: true });
  };
  process.once('exit', removeAll);
  try {
    for (const part of parts) {
      current = part.path;
      const to = await finalPath(part.path);
      const from = join(dirname(to), `.voxhost-${randomUUID()}.part`);
      staged.push({ from, to });
      await writePart(from, part.write);
    }
    for (const { from, to } of staged) await rename(from, to);
    await syncFolder(dirname(staged.at(-1)?.to ?? '.'));
  } catch (error) {
    for (const { from } of staged) await rm(from, { force: true });
    throw toCannotWrite(current, error);
  } finally {
    process.removeListener('exit', removeAll);
  }
}

async function writePart(path: string, write: AtomicPart['write']): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Most links in a row that are followed, as on Linux. */
const MOST_LINKS = 40;

/** A link is written through, so that it stays a link, also where nothing is at its end yet. */
async function finalPath(path: string, links = 0): Promise<string> {
  const there = await realpath(path).catch(() => undefined);
  if (there !== undefined) return there;
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return resolve(path);
  if (links === MOST_LINKS) throw Object.assign(new Error('links in a circle'), { code: 'ELOOP' });
  return finalPath(resolve(await realpath(dirname(path)), target), links + 1);
}

/** Makes the rename itself durable; systems that cannot sync a folder (Windows) do so by themselves. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is whole either way.
  }
}

/** Fails early, before anything is computed, when `path` cannot become a file. Throws CANNOT_WRITE. */
export async function assertPlace(path: string): Promise<void> {
  const to = await atOutput(path, () => finalPath(path));
  try {
    const folder = await stat(dirname(to));
    if (!folder.isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
    await access(dirname(to), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw toCannotWrite(path, error);
  }
  const there = await stat(to).catch(() => undefined);
  if (there === undefined || there.isFile()) return;
  const reason = there.isDirectory() ? 'is a folder' : 'is a pipe or device';
  throw new HostError('CANNOT_WRITE', { path, reason, remedy: 'name a file' });
}

const REASONS: { readonly [code: string]: readonly [reason: string, remedy: string] } = {
  ENOENT: ['its folder does not exist', 'create the folder first'],
  ENOTDIR: ['its folder is a file', 'name a folder that exists'],
  EACCES: ['its folder may not be written', 'change its permissions or write elsewhere'],
  EPERM: ['its folder may not be written', 'change its permissions or write elsewhere'],
  EROFS: ['its disk is read-only', 'write elsewhere'],
  ENOSPC: ['the disk is full', 'free some space or write elsewhere'],
  EDQUOT: ['the quota of the disk is used up', 'free some space or write elsewhere'],
  EFBIG: ['the file is larger than the disk allows', 'write elsewhere'],
  EISDIR: ['is a folder', 'name a file'],
  ENAMETOOLONG: ['is too long a name', 'shorten it'],
  ELOOP: ['is a link that leads in a circle', 'name a file'],
  EIO: ['the disk failed', 'write elsewhere'],
};

/** Runs `write`; what the system refuses in it becomes a CANNOT_WRITE that names the path. */
export async function atOutput<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw toCannotWrite(path, error);
  }
}

function toCannotWrite(path: string, error: unknown): unknown {
  const known = REASONS[systemCode(error) ?? ''];
  if (known === undefined) return error;
  return new HostError('CANNOT_WRITE', { path, reason: known[0], remedy: known[1] }, error);
}
