import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { HostError } from '../errors.js';
import type { PluginFile } from './seal.js';

/** Never part of a plugin, whatever a list says. */
const LEFT_OUT = /(^|\/)(\.|node_modules(\/|$))|\.plugin\.json$/;

/**
 * The files of a plugin: those that the `files` of the root's package.json names (files or folders, without
 * patterns), or everything below a root that has none. Hidden files, node_modules and manifests are left out.
 * Throws `BAD_FILE`.
 */
export async function readPluginFiles(root: string): Promise<readonly PluginFile[]> {
  const wanted = await namedByPackage(root);
  const paths = (await pathsBelow(root)).filter((path) => !LEFT_OUT.test(path));
  const missing = wanted?.find(
    (name) => !LEFT_OUT.test(name) && !paths.some((path) => isWithin(path, name)),
  );
  if (missing !== undefined) throw bad(join(root, missing), 'is in "files" but is not there');
  const chosen = paths.filter((path) => wanted?.some((name) => isWithin(path, name)) ?? true);
  return Promise.all(
    chosen.sort().map(async (path) => ({ path, bytes: await readFile(join(root, path)) })),
  );
}

const isWithin = (path: string, name: string): boolean =>
  path === name || path.startsWith(`${name}/`);

async function namedByPackage(root: string): Promise<readonly string[] | undefined> {
  const path = join(root, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const files = parsePackage(path, text).files;
  if (files === undefined) return undefined;
  if (!Array.isArray(files)) throw bad(path, 'has "files" that is no list');
  return files.map((name: unknown) => {
    const plain = typeof name === 'string' ? name.replace(/^\.\//, '').replace(/\/+$/, '') : '';
    if (plain === '' || /[*?[\]{}!]/.test(plain)) {
      throw bad(path, `has ${JSON.stringify(name)} in "files", which is no plain file or folder`);
    }
    return plain;
  });
}

function parsePackage(path: string, text: string): { readonly files?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch (cause) {
    throw bad(path, 'is no JSON', cause);
  }
}

async function pathsBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.map((entry) => ({
    entry,
    path: relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'),
  }));
  const link = found.find(({ entry, path }) => entry.isSymbolicLink() && !LEFT_OUT.test(path));
  if (link !== undefined)
    throw bad(join(root, link.path), 'is a link, which a plugin may not hold');
  return found.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
}

const bad = (path: string, reason: string, cause?: unknown) =>
  new HostError('BAD_FILE', { path, reason, remedy: 'correct it and pack again' }, cause);
