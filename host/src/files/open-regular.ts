import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from 'node:fs';
import { HostError } from '../errors.js';

/** Some are absent on Windows, where there are no FIFOs to hang on. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Where a link can be refused while a file is opened, nobody can swap one in between. */
const REFUSES_LINKS = constants.O_NOFOLLOW !== undefined;

/** Whoever opens, closes. */
export interface OpenFile {
  readonly descriptor: number;
  readonly stats: Stats;
}

/**
 * Opens a regular file, and nothing else: neither a link nor what would wait or act when it is opened. To be called
 * for what `stat` called a file; this looks again, since the path may have been swapped.
 */
export function openRegular(path: string): OpenFile {
  if (!REFUSES_LINKS && !lstatSync(path).isFile()) throw notRegular(path);
  const descriptor = openSync(path, CAREFULLY);
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return { descriptor, stats };
  closeSync(descriptor);
  throw notRegular(path);
}

const notRegular = (path: string) =>
  new HostError('BAD_FILE', {
    path,
    reason: 'is not a regular file',
    remedy: 'put a regular file there',
  });

/** Reads until the buffer is full or the file ends; gives the number of bytes. */
export function readFully(descriptor: number, into: Uint8Array, position?: number): number {
  let length = 0;
  while (length < into.length) {
    const at = position === undefined ? null : position + length;
    const count = readSync(descriptor, into, length, into.length - length, at);
    if (count === 0) break;
    length += count;
  }
  return length;
}
