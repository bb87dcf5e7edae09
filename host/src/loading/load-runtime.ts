import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LibraryRequirement, VoxhostError } from '@voxhost/sdk';
import type { CatalogueEntry } from '../discovery/catalogue.js';

/**
 * The npm library that a plugin's target requires, as `require` gives it, from the first folder that has it:
 * that of the variable which the manifest names, then the host's own.
 */
export function loadRuntime(
  entry: CatalogueEntry,
  name: string,
  folders: readonly string[],
): unknown {
  const { path, require } = findRuntime(entry, name, folders);
  try {
    return require(path);
  } catch (error) {
    throw refusal(entry, name, `is installed at ${path} but cannot be loaded`, error);
  }
}

/** Entry file of that library. Loads nothing. */
export const runtimeUrl = (entry: CatalogueEntry, name: string, folders: readonly string[]): URL =>
  pathToFileURL(findRuntime(entry, name, folders).path);

function findRuntime(
  entry: CatalogueEntry,
  name: string,
  folders: readonly string[],
): { readonly path: string; readonly require: NodeJS.Require } {
  const required = entry.target?.requires?.libraries?.find((library) => library.name === name);
  if (required === undefined)
    throw refusal(entry, name, 'is not among the libraries that its manifest requires');
  if (required.kind !== 'npm') throw refusal(entry, name, 'is no npm library');
  const searched = searchFolders(required, folders);
  for (const folder of searched) {
    const require = createRequire(join(folder, 'from-here.js'));
    const path = resolved(require, name);
    if (path !== undefined) return { path, require };
  }
  throw refusal(entry, name, `is in none of ${searched.join(', ')}`);
}

const refusal = (entry: CatalogueEntry, path: string, reason: string, cause?: unknown) =>
  new VoxhostError(
    'PLUGIN_FILE',
    { plugin: entry.manifest?.id ?? entry.path, path, reason },
    cause,
  );

const searchFolders = (
  { env }: LibraryRequirement,
  folders: readonly string[],
): readonly string[] => {
  const own = env === undefined ? undefined : process.env[env];
  return own === undefined || own === '' ? folders : [own, ...folders];
};

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
