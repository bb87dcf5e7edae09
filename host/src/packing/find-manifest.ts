import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HostError } from '../errors.js';

const SUFFIX = '.plugin.json';

/** The manifest at a path, or the only one in the folder at it; absolute. Throws `BAD_FILE`. */
export async function findManifest(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) throw bad(path, 'does not exist', 'check the path');
  if (!facts.isDirectory()) return resolve(path);
  const names = (await readdir(path)).filter((name) => name.endsWith(SUFFIX));
  const [only] = names;
  if (only !== undefined && names.length === 1) return resolve(join(path, only));
  const reason = names.length === 0 ? `has no file *${SUFFIX}` : `has ${names.join(' and ')}`;
  throw bad(path, reason, 'name the manifest itself');
}

const bad = (path: string, reason: string, remedy: string) =>
  new HostError('BAD_FILE', { path, reason, remedy });
