import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SearchEnvironment } from './search-layers.js';

/** What the user may say of where plugins are. */
export interface SearchSettings {
  /** Manifests or folders of them; relative ones are taken from the current directory. */
  readonly pluginPaths?: readonly string[];
  /** Folder of the project whose package.json names plugins. */
  readonly project?: string;
  /** Folder of the embedded plugins, in a single executable. */
  readonly assets?: string;
}

/** Reads what the search depends on: this process, its package, the user's settings. */
export function readSearchEnvironment(settings: SearchSettings = {}): SearchEnvironment {
  const hostPackage = readHostPackage();
  return {
    pluginPaths: (settings.pluginPaths ?? []).map((path) => resolve(path)),
    ...(settings.project === undefined ? {} : { project: resolve(settings.project) }),
    ...(hostPackage === undefined ? {} : { hostPackage }),
    ...(settings.assets === undefined ? {} : { assets: settings.assets }),
  };
}

/** Real path of the folder of the host's package.json; undefined in a single executable. */
function readHostPackage(): string | undefined {
  const { url } = import.meta;
  if (url === undefined || !url.startsWith('file:')) return undefined;
  let folder = dirname(fileURLToPath(url));
  while (!isHostPackage(folder)) {
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return realpathSync(folder);
}

function isHostPackage(folder: string): boolean {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return false;
  return (JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown }).name === 'voxhost';
}
