import { gunzipSync } from 'node:zlib';
import type { PluginFile } from './seal.js';

/** What is wrong with an archive; nothing of it was used. */
export class ArchiveFault extends Error {}

/** What an archive may hold at most. A plugin that brings CUDA libraries stays below. */
export interface ArchiveLimits {
  readonly bytes: number;
  readonly files: number;
}

const ARCHIVE_LIMITS: ArchiveLimits = { bytes: 3 * 2 ** 30, files: 20_000 };

const BLOCK = 512;

/** A header of a tar archive, read but not judged. */
interface Entry {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

/**
 * The files of a gzipped tar, in memory: ustar with pax paths, as npm and `writeArchive` make them. Its one
 * top folder is taken away. Anything but plain files and folders at plain, relative, different paths refuses the whole
 * archive. Pure. Throws `ArchiveFault`.
 */
export function readArchive(
  packed: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): readonly PluginFile[] {
  const bytes = inflate(packed, limits.bytes);
  const files: PluginFile[] = [];
  const seen = new Set<string>();
  let longPath: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.length === BLOCK && block.every((byte) => byte === 0)) return withoutTopFolder(files);
    const entry = readEntry(block);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + entry.size);
    if (content.length < entry.size) throw new ArchiveFault('is truncated');
    at += BLOCK + Math.ceil(entry.size / BLOCK) * BLOCK;
    if (entry.type === 'x') {
      longPath = paxPath(content);
      continue;
    }
    const path = longPath ?? entry.path;
    longPath = undefined;
    if (isFile(entry.type, path)) {
      addFile({ path, bytes: content }, files, seen);
      if (files.length > limits.files)
        throw new ArchiveFault(`has more than ${limits.files} files`);
    }
  }
  throw new ArchiveFault('ends without the end mark of a tar archive');
}

function inflate(packed: Uint8Array, limit: number): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: limit });
  } catch (cause) {
    const { code } = cause as { code?: string };
    const reason =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `unpacks to more than ${limit} bytes`
        : 'is no whole gzip file';
    throw new ArchiveFault(reason, { cause });
  }
}

function readEntry(block: Uint8Array): Entry {
  if (block.length < BLOCK) throw new ArchiveFault('is truncated');
  const text = (at: number, length: number): string => {
    const field = Buffer.from(block.subarray(at, at + length));
    const end = field.indexOf(0);
    return field.toString('utf8', 0, end === -1 ? length : end);
  };
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (readOctal(text(148, 8)) !== sum) throw new ArchiveFault('has a damaged header');
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
  const name = text(0, 100);
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: readOctal(text(124, 12)),
    type: text(156, 1) || '0',
  };
}

function readOctal(text: string): number {
  const trimmed = text.trim();
  if (!/^[0-7]{1,12}$/.test(trimmed)) throw new ArchiveFault('has a number that is not octal');
  return Number.parseInt(trimmed, 8);
}

/** The `path` record of a pax header: `LENGTH path=VALUE\n`. */
function paxPath(content: Uint8Array): string | undefined {
  const records = Buffer.from(content).toString('utf8');
  return /^\d+ path=(.*)$/m.exec(records)?.[1];
}

/** A folder needs no entry of its own, and a pax header for all (`g`) says nothing of a file. */
function isFile(type: string, path: string): boolean {
  if (type === '0') return true;
  if (type === '5' || type === 'g') return false;
  throw new ArchiveFault(`has ${JSON.stringify(path)}, which is neither a file nor a folder`);
}

function addFile(file: PluginFile, files: PluginFile[], seen: Set<string>): void {
  const wrong = pathProblem(file.path);
  if (wrong !== undefined)
    throw new ArchiveFault(`has the path ${JSON.stringify(file.path)}, ${wrong}`);
  // Systems that fold case or accents would write one over the other.
  const folded = file.path.normalize('NFC').toLowerCase();
  if (seen.has(folded)) throw new ArchiveFault(`has ${JSON.stringify(file.path)} twice`);
  seen.add(folded);
  files.push(file);
}

/** Why a path of an archive may not be written, on any system; undefined where it may. */
function pathProblem(path: string): string | undefined {
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return 'which is absolute';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'which leaves its folder';
  if (/[\\:*?"<>|]|\p{Cc}/u.test(path)) return 'which has a character that some systems refuse';
  if (parts.some((part) => /[. ]$/.test(part)))
    return 'which has a part that ends in a dot or blank';
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
  if (parts.some((part) => reserved.test(part))) return 'which is a device on some systems';
  return undefined;
}

/** All files are in one folder, whose name says nothing, or the manifest is at the top. */
function withoutTopFolder(files: readonly PluginFile[]): readonly PluginFile[] {
  const tops = new Set(files.map(({ path }) => path.split('/')[0]));
  if (tops.size !== 1 || files.some(({ path }) => !path.includes('/'))) return files;
  return files.map(({ path, bytes }) => ({ path: path.slice(path.indexOf('/') + 1), bytes }));
}
