import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';

/**
 * Reads a file that this host keeps for itself, `{ "format": n, ... }`. What is damaged, another user's, open to
 * everybody, too large or of another format is as good as absent.
 */
export function readOwnJson(
  path: string,
  { format, limit }: { readonly format: number; readonly limit: number },
): Readonly<Record<string, unknown>> {
  try {
    const { size, uid, mode } = lstatSync(path);
    const isOwn =
      process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    if (!isOwn || size > limit) return {};
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) && value['format'] === format ? value : {};
  } catch {
    return {};
  }
}

/**
 * Writes such a file, whole or not at all; what cannot be written is forgotten. Two hosts may write at the same time:
 * each writes its own file, and the later rename wins.
 */
export function writeOwnJson(path: string, value: object): void {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(own, JSON.stringify(value), { mode: 0o600 });
    renameSync(own, path);
  } catch {
    removeQuietly(own);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // where nothing can be written, nothing is left
  }
}
