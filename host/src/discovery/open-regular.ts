import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { HostError } from '../errors.js';

/** Some are absent on Windows, where there are no FIFOs to hang on. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a regular file: looks before (a FIFO would hang, a device may act) and after (the path may have been swapped). */
export function openRegular(path: string): number {
  if (!lstatSync(path).isFile()) throw notRegular(path);
  const descriptor = openSync(path, CAREFULLY);
  if (fstatSync(descriptor).isFile()) return descriptor;
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
