import { join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import type { FileFacts } from '../files/plugin-source.js';
import { readOwnJson, writeOwnJson } from './own-json.js';

/** Digests of files that were read before. A file whose size, time or inode differs is another file. */
export interface DigestCache {
  get(path: string, facts: FileFacts): string | undefined;
  put(path: string, facts: FileFacts, sha256: string): void;
  /** Writes what is new, whole or not at all; what cannot be written is forgotten. */
  save(): void;
}

const FORMAT = 1;
const LARGEST_CACHE = 16 * 1024 * 1024;
/** A file that changed so recently could change again within the same tick of its clock (as git's racy entries). */
const RACY_MS = 2000;

type Row = readonly [size: number, mtimeMs: number, ino: number, sha256: string];

/** Remembers nothing: for hosts without a place to keep anything. */
export const NO_CACHE: DigestCache = { get: () => undefined, put: () => {}, save: () => {} };

/** A cache in a file that heals itself: what is damaged, foreign or from another version is as good as absent. */
export function createDigestCache(folder: string, now: () => number = Date.now): DigestCache {
  const path = join(folder, 'digests.json');
  let held: Map<string, Row> | undefined;
  let isChanged = false;
  const rows = () => {
    held ??= readRows(path);
    return held;
  };
  return {
    get(file, { size, mtimeMs, ino }) {
      const row = rows().get(file);
      const isSame = row?.[0] === size && row[1] === mtimeMs && row[2] === ino;
      return isSame ? row[3] : undefined;
    },
    put(file, { size, mtimeMs, ino }, sha256) {
      if (now() - mtimeMs < RACY_MS) return;
      rows().set(file, [size, mtimeMs, ino, sha256]);
      isChanged = true;
    },
    save() {
      if (!isChanged) return;
      isChanged = false;
      writeOwnJson(path, { format: FORMAT, files: Object.fromEntries(rows()) });
    },
  };
}

function readRows(path: string): Map<string, Row> {
  const { files } = readOwnJson(path, { format: FORMAT, limit: LARGEST_CACHE });
  const rows = isRecord(files) ? Object.entries(files) : [];
  return new Map(rows.flatMap(([file, row]) => (isRow(row) ? [[file, row]] : [])));
}

const isRow = (row: unknown): row is Row =>
  Array.isArray(row) &&
  row.length === 4 &&
  row.slice(0, 3).every(Number.isFinite) &&
  typeof row[3] === 'string' &&
  /^[0-9a-f]{64}$/.test(row[3]);
