import { gzipSync } from 'node:zlib';
import { HostError } from '../errors.js';
import type { PluginFile } from './seal.js';

const BLOCK = 512;

/** Folder that holds everything in an archive, as npm has it. */
const ARCHIVE_FOLDER = 'package';

/**
 * A gzipped tar of the files in the order given (POSIX ustar, IEEE 1003.1): no times, owners or modes of this
 * machine, so that the same files give the same bytes. Throws `NOT_EXPRESSIBLE` for a path that is too long.
 */
export function writeArchive(files: readonly PluginFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { path, bytes } of files) {
    parts.push(header(`${ARCHIVE_FOLDER}/${path}`, bytes.length), bytes);
    parts.push(new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return gzipSync(Buffer.concat(parts), { level: 9 });
}

function header(path: string, size: number): Uint8Array {
  const [prefix, name] = splitPath(path);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): number =>
    block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  block.write(name, 0, 'utf8');
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write('        ', 148, 'latin1'); // the checksum counts its own field as blanks
  block.write('0', 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  block.write(prefix, 345, 'utf8');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  return block;
}

/** Prefix of at most 155 bytes and name of at most 100, split at a slash. */
function splitPath(path: string): readonly [prefix: string, name: string] {
  const fits = (text: string, most: number): boolean => Buffer.byteLength(text) <= most;
  if (fits(path, 100)) return ['', path];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (fits(prefix, 155) && fits(name, 100)) return [prefix, name];
  }
  throw new HostError('NOT_EXPRESSIBLE', {
    what: `path ${path}`,
    reason: 'is too long for an archive',
    remedy: 'shorten it',
  });
}
