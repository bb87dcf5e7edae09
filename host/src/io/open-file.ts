import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { FaultError, faultIn } from './bad-file.js';
import { type ByteSource, fileSource, readFully } from './byte-source.js';
import { inflatingSource } from './inflating-source.js';

/** Longest header that is looked at; text headers with per-frame tables reach a few hundred kB. */
const LONGEST_HEADER = 1 << 20;

/** A file on disk, seen through its gzip layer if it has one. */
export interface OpenFile {
  readonly handle: FileHandle;
  /** Bytes on disk. */
  readonly size: number;
  readonly gzipped: boolean;
  /** The first part of the file, decompressed. */
  readonly prefix: Uint8Array;
  close(): Promise<void>;
}

/** Opens a regular file whose bytes are taken as they are: pixels may begin with anything. */
export async function openPlain(path: string): Promise<Pick<OpenFile, 'handle' | 'size'>> {
  await assertRegular(path);
  const handle = await open(path, 'r');
  try {
    return { handle, size: (await handle.stat()).size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Opens a file and reads its first part; gzip is recognised by its bytes, whatever the name says. */
export async function openFile(path: string): Promise<OpenFile> {
  const { handle, size } = await openPlain(path);
  try {
    const magic = new Uint8Array(2);
    await handle.read(magic, 0, 2, 0);
    const gzipped = magic[0] === 0x1f && magic[1] === 0x8b;
    const prefix = await readPrefix(sourceFrom({ handle, gzipped }), gzipped ? Infinity : size);
    return { handle, size, gzipped, prefix, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The bytes of a file from its start, decompressed.
 *
 * @param room - as of `inflatingSource`
 */
export const sourceFrom = (
  { handle, gzipped }: Pick<OpenFile, 'handle' | 'gzipped'>,
  room?: number,
): ByteSource =>
  gzipped ? inflatingSource(fileSource(handle), 'gzip data', room) : fileSource(handle);

async function readPrefix(source: ByteSource, size: number): Promise<Uint8Array> {
  const prefix = new Uint8Array(Math.min(size, LONGEST_HEADER));
  try {
    return prefix.subarray(0, await readFully(source, prefix));
  } finally {
    await source.close();
  }
}

/** A pipe or device would block or never end; a folder fails late and unclearly. */
async function assertRegular(path: string): Promise<void> {
  const facts = await stat(path);
  if (facts.isFile()) return;
  const what = facts.isDirectory() ? 'a folder' : 'a pipe or device';
  throw faultIn('path', `is ${what}, not a file`, 'name the file itself');
}

/**
 * The path of a file that a header names, which must lie in the header's folder, links followed.
 *
 * @param field - the header field with the name, for the fault
 */
export async function pathInside(folder: string, name: string, field: string): Promise<string> {
  const outside = `names "${name}", which is outside the folder of the header`;
  if (isAbsolute(name) || /^[a-z]:/i.test(name) || name.includes('\0')) {
    throw faultIn(field, outside, 'move the pixels beside the header');
  }
  const path = join(folder, name);
  assertBelow(folder, path, field, outside);
  assertBelow(await realpath(folder), await resolved(path, field, name), field, outside);
  return path;
}

function assertBelow(folder: string, path: string, field: string, outside: string): void {
  const way = relative(folder, path);
  if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw faultIn(field, outside, 'move the pixels beside the header');
}

async function resolved(path: string, field: string, name: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const reason = `names "${name}", which cannot be found`;
    const remedy = 'put both files in one folder';
    throw new FaultError({ field, reason, remedy }, { cause: error });
  }
}
