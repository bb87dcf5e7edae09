import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readDocument } from '../compatibility/document.js';
import { HostError } from '../errors.js';
import { atPath } from '../io/bad-file.js';
import { findManifest } from '../packing/find-manifest.js';
import { packPlugin } from '../packing/pack-plugin.js';
import { ArchiveFault, readArchive } from '../packing/read-archive.js';
import type { PluginFile } from '../packing/seal.js';
import { type VerifiedPackage, verifyPackage } from './verify-package.js';

/**
 * A plugin to install: an archive (`voxhost plugin pack`, `npm pack`), a folder with a sealed manifest, or a folder
 * that is sealed as it is read. Nothing is fetched. Throws `BAD_FILE`.
 */
export async function readPackage(path: string): Promise<VerifiedPackage> {
  const facts = await atPath(path, () => stat(path)).catch((error: unknown) => {
    throw NPM_NAME.test(path) ? notFetched(path, error) : error;
  });
  try {
    return verifyPackage(
      facts.isDirectory() ? await filesOfFolder(path) : await filesOfArchive(path),
    );
  } catch (error) {
    if (error instanceof ArchiveFault) throw refused(path, error);
    throw error;
  }
}

const filesOfArchive = async (path: string): Promise<readonly PluginFile[]> =>
  readArchive(await atPath(path, () => readFile(path)));

/** Of a sealed folder the listed files only, as they are: sealing it again would hide what changed. */
async function filesOfFolder(path: string): Promise<readonly PluginFile[]> {
  const manifestPath = await findManifest(path);
  const bytes = await atPath(manifestPath, () => readFile(manifestPath));
  const document = readDocument(bytes, manifestPath);
  const seals = document.ok ? document.manifest.targets.flatMap((t) => t.files ?? []) : [];
  if (seals.length === 0) return (await packPlugin(manifestPath)).files;
  const root = dirname(manifestPath);
  const paths = [...new Set(seals.map((seal) => seal.path))];
  const files = await Promise.all(
    paths.map(async (each) => ({
      path: each,
      bytes: await atPath(join(root, each), () => readFile(join(root, each))),
    })),
  );
  return [{ path: manifestPath.slice(root.length + 1), bytes }, ...files];
}

/** A scoped package, with or without a version: no file is named so by chance. */
const NPM_NAME = /^@[\w.-]+\/[\w.-]+(?:@[\w.^~-]+)?$/;

const notFetched = (path: string, cause: unknown) =>
  new HostError(
    'BAD_FILE',
    {
      path,
      reason: 'is neither an archive nor a folder',
      remedy: `get it first: npm pack ${path}`,
    },
    cause,
  );

const refused = (path: string, fault: ArchiveFault) =>
  new HostError(
    'BAD_FILE',
    { path, reason: fault.message, remedy: 'get it again from its publisher' },
    fault,
  );
