import { readFileSync } from 'node:fs';
import { isRecord } from '../compatibility/check-shape.js';
import type { Pin } from '../compatibility/policy.js';

/** What a lock file pins, by id, and remarks. */
export interface Lock {
  readonly pins: ReadonlyMap<string, Pin>;
  readonly notes: readonly string[];
}

/**
 * Reads a lock file: `{ "plugins": { "<id>": { "version": "1.4.2", "sha256": "..." } } }`, the digest being that of the
 * manifest, which seals the files of every platform. What cannot be understood pins nothing, and is told.
 */
export function readLock(path: string | undefined): Lock {
  if (path === undefined) return { pins: new Map(), notes: [] };
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const plugins = isRecord(value) ? value['plugins'] : undefined;
    if (isRecord(plugins)) return pinsOf(path, plugins);
    return { pins: new Map(), notes: [`${path} (--lock) has no "plugins"; it pins nothing`] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { pins: new Map(), notes: [`${path} (--lock) pins nothing: ${reason}`] };
  }
}

function pinsOf(path: string, plugins: Readonly<Record<string, unknown>>): Lock {
  const pins = new Map<string, Pin>();
  const notes: string[] = [];
  for (const [id, value] of Object.entries(plugins)) {
    const pin = pinOf(value);
    if (pin === undefined) notes.push(`${path} (--lock) has a pin of "${id}" that is none`);
    else pins.set(id, { ...pin, origin: path });
  }
  return { pins, notes };
}

function pinOf(value: unknown): Omit<Pin, 'origin'> | undefined {
  if (!isRecord(value)) return undefined;
  const { version, sha256 } = value;
  if (typeof version !== 'string') return undefined;
  if (sha256 === undefined) return { version };
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)
    ? { version, sha256 }
    : undefined;
}
