import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import semver from 'semver';
import { HostError } from '../errors.js';
import type { InstallDisk } from './install-disk.js';
import { folderOf, type InstallPlaces, installedVersions } from './installed.js';
import type { VerifiedPackage } from './verify-package.js';

export interface InstallOptions {
  /** May a higher version be replaced? Default false. */
  readonly allowDowngrade?: boolean;
  readonly signal?: AbortSignal;
}

/** What an installation did. */
export interface Installation {
  readonly outcome: 'installed' | 'already';
  /** Folder of the plugin. */
  readonly path: string;
  /** Versions that it replaced. */
  readonly replaced: readonly string[];
}

/**
 * Puts a verified plugin among the user's: written whole to a folder beside, then renamed into place, then older versions
 * are taken away. Whenever it stops, the version of before or the new one is there, whole. To be called under
 * the lock. Throws `CANNOT_WRITE`.
 */
export async function installPlugin(
  { manifest, files }: VerifiedPackage,
  places: InstallPlaces,
  disk: InstallDisk,
  options: InstallOptions = {},
): Promise<Installation> {
  const { id, version } = manifest;
  await disk.remove(places.staging); // what an installer that was ended left
  const path = join(places.plugins, folderOf(id, version));
  const versions = await installedVersions(id, places.plugins, disk);
  const others = versions.filter((each) => each !== version);
  if (versions.includes(version)) {
    await assertSame(files, path, disk);
    await removeVersions(id, others, places, disk);
    return { outcome: 'already', path, replaced: others };
  }
  const higher = others.find((each) => semver.gt(each, version));
  if (higher !== undefined && options.allowDowngrade !== true) {
    const reason = `${higher} is installed, which is higher than ${version}`;
    throw new HostError('CANNOT_WRITE', { path, reason, remedy: 'add --allow-downgrade' });
  }
  const stage = join(places.staging, randomUUID());
  try {
    for (const file of files) {
      options.signal?.throwIfAborted();
      await disk.makeFolder(dirname(join(stage, file.path)));
      await disk.write(join(stage, file.path), file.bytes);
    }
    await disk.makeFolder(places.plugins);
    await disk.rename(stage, path);
  } catch (error) {
    await disk.remove(places.staging).catch(() => undefined);
    throw error;
  }
  await removeVersions(id, others, places, disk);
  return { outcome: 'installed', path, replaced: others };
}

/** The same version must be the same bytes: a version that changes is no version. */
async function assertSame(
  files: VerifiedPackage['files'],
  path: string,
  disk: InstallDisk,
): Promise<void> {
  for (const file of files) {
    const there = await disk.read(join(path, file.path));
    if (there !== undefined && Buffer.compare(there, file.bytes) === 0) continue;
    const reason = `has the same version with another ${file.path}`;
    const remedy = 'remove it first: voxhost plugins remove';
    throw new HostError('CANNOT_WRITE', { path, reason, remedy });
  }
}

/** Takes versions out of sight in one step each, then deletes them. */
export async function removeVersions(
  id: string,
  versions: readonly string[],
  places: InstallPlaces,
  disk: InstallDisk,
): Promise<void> {
  for (const version of versions) {
    await disk.makeFolder(places.staging);
    const folder = folderOf(id, version);
    await disk.rename(join(places.plugins, folder), join(places.staging, folder));
  }
  await disk.remove(places.staging);
}
