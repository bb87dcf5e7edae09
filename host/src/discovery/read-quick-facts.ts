import type { LibraryRequirement, Manifest, Target } from '@voxhost/sdk';
import type { LibraryFacts } from '../compatibility/library-facts.js';
import type { MachineFacts } from '../compatibility/machine-facts.js';
import type { Policy } from '../compatibility/policy.js';
import type { FileState, FileTable, LibraryTable, Subject } from '../compatibility/subject.js';
import type { PluginSource } from '../files/plugin-source.js';
import type { DigestCache } from './digest-cache.js';
import { readLibraryFacts } from './read-library-facts.js';

/** A plugin whose files are to be looked at. */
export interface PluginFiles {
  readonly source: PluginSource;
  /** Of the manifest. */
  readonly path: string;
  readonly root: string;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

export interface LookOptions {
  readonly machine: MachineFacts;
  readonly policy: Policy;
  readonly cache: DigestCache;
  /** Folders in which npm libraries are looked for after the variable that a manifest names. */
  readonly libraryFolders: readonly string[];
}

/** What a start looks at. */
export type QuickFacts = Pick<Subject, 'files' | 'libraries'>;

/** Cheap facts, for a start: files are looked at but not opened; digests only where they are remembered. */
export async function readQuickFacts(
  plugin: PluginFiles,
  options: LookOptions,
): Promise<QuickFacts> {
  return {
    files: await readFiles(plugin, options),
    libraries: readLibraries(plugin, options),
  };
}

/** Could this machine choose the target? */
export const couldFit = ({ os, cpu }: Target, machine: MachineFacts): boolean =>
  (os === '*' || os === machine.os) && (cpu === '*' || cpu === machine.cpu);

async function readFiles(
  { source, root, manifest }: PluginFiles,
  { cache, machine }: LookOptions,
): Promise<FileTable> {
  const table = new Map<string, FileState | undefined>();
  const folders = new Map<string, boolean>();
  for (const target of manifest.targets) {
    const { entry, probe, files = [] } = target;
    if (entry.type === 'builtin' || !couldFit(target, machine)) continue;
    const paths = [...files.map(({ path }) => path), entry.path, ...(probe ? [probe.path] : [])];
    for (const path of paths) {
      if (table.has(path)) continue;
      table.set(path, await stateOf(source, { root, path, folders }, cache));
    }
  }
  return table;
}

interface Place {
  readonly root: string;
  readonly path: string;
  /** Folders below the root that were looked at: is one a link? */
  readonly folders: Map<string, boolean>;
}

async function stateOf(
  source: PluginSource,
  { root, path, folders }: Place,
  cache: DigestCache,
): Promise<FileState | undefined> {
  const absolute = source.join(root, path);
  try {
    const facts = await source.stat(absolute);
    if (facts === undefined) return undefined;
    if (await leadsThroughLink(source, { root, path, folders })) return { ...facts, kind: 'link' };
    const sha256 = source.kind === 'disk' ? cache.get(absolute, facts) : undefined;
    return sha256 === undefined ? facts : { ...facts, sha256 };
  } catch {
    return undefined;
  }
}

async function leadsThroughLink(
  source: PluginSource,
  { root, path, folders }: Place,
): Promise<boolean> {
  const steps = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= steps.length; depth++) {
    const folder = source.join(root, ...steps.slice(0, depth));
    let isLink = folders.get(folder);
    if (isLink === undefined) {
      isLink = (await source.stat(folder))?.kind === 'link';
      folders.set(folder, isLink);
    }
    if (isLink) return true;
  }
  return false;
}

/**
 * Of a machine whose files cannot be seen only what the plugin brings itself is known. Each library is looked for when it
 * is asked for, since a target whose driver is missing asks for none.
 */
function readLibraries(
  { root, manifest }: PluginFiles,
  { machine, libraryFolders }: LookOptions,
): LibraryTable {
  const known = new Map<LibraryRequirement, LibraryFacts | undefined>();
  const look = (library: LibraryRequirement): LibraryFacts | undefined => {
    const target = manifest.targets.find(
      (each) => each.requires?.libraries?.includes(library) && couldFit(each, machine),
    );
    const isVisible = machine.loader !== undefined || library.source === 'bundled';
    if (target === undefined || !isVisible) return undefined;
    return readLibraryFacts(library, { root, target, machine, libraryFolders });
  };
  return {
    get(library) {
      if (!known.has(library)) known.set(library, look(library));
      return known.get(library);
    },
  };
}
