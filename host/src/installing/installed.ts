import { dirname, join } from 'node:path';
import semver from 'semver';
import type { InstallDisk } from './install-disk.js';

/** Where installing works: folders on one disk, so that a rename is one step. */
export interface InstallPlaces {
  /** Plugins of the user, layer 4. */
  readonly plugins: string;
  /** Where plugins are put together, beside it: discovery does not look there. */
  readonly staging: string;
  readonly lock: string;
}

/** The places that belong to a folder of plugins. */
export const installPlaces = (plugins: string): InstallPlaces => ({
  plugins,
  staging: join(dirname(plugins), 'staging'),
  lock: join(dirname(plugins), 'install.lock'),
});

/** The folder of one version. */
export const folderOf = (id: string, version: string): string => `${id}@${version}`;

/** Versions of a plugin that are installed, lowest first. */
export async function installedVersions(
  id: string,
  plugins: string,
  disk: InstallDisk,
): Promise<readonly string[]> {
  const names = await disk.list(plugins);
  const versions = names
    .filter((name) => name.startsWith(`${id}@`))
    .map((name) => name.slice(id.length + 1))
    .filter((version) => semver.valid(version) !== null);
  return semver.sort([...versions]);
}
