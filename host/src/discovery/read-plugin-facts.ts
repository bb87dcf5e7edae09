import type { LibraryRequirement, Manifest, Target } from '@voxhost/sdk';
import type { BinaryFacts, BinaryRead } from '../compatibility/binary/binary-facts.js';
import { parseBinary } from '../compatibility/binary/parse-binary.js';
import { type BinaryView, preflight } from '../compatibility/binary/preflight.js';
import type { Preflight } from '../compatibility/binary/preflight-facts.js';
import { type ExportsOf, undefinedSymbols } from '../compatibility/binary/undefined-symbols.js';
import type { LibraryFacts } from '../compatibility/library-facts.js';
import type { MachineFacts } from '../compatibility/machine-facts.js';
import { isSealed } from '../compatibility/manifest-rules.js';
import type { Policy } from '../compatibility/policy.js';
import { judgeSignature } from '../compatibility/signature.js';
import { nativePaths } from '../compatibility/stages/preflight.js';
import type { FileState, FileTable, LibraryTable, Subject } from '../compatibility/subject.js';
import type { DigestCache } from './digest-cache.js';
import type { FolderEntry, PluginSource } from './plugin-source.js';
import { createBinaryView, createExportsView } from './read-binary-view.js';
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

type Facts = Pick<
  Subject,
  'files' | 'unlisted' | 'signature' | 'binaries' | 'preflights' | 'libraries'
>;

/** Cheap facts, for a start: files are looked at but not opened; digests only where they are remembered. */
export async function readQuickFacts(plugin: PluginFiles, options: LookOptions): Promise<Facts> {
  return {
    files: await readFiles(plugin, options),
    libraries: readLibraries(plugin, options),
  };
}

/** All facts: every file is read, every library that the loader would take is looked into. Nothing is loaded. */
export async function readFullFacts(plugin: PluginFiles, options: LookOptions): Promise<Facts> {
  const { manifest } = plugin;
  const files = await hashFiles(plugin, await readFiles(plugin, options), options.cache);
  const here = manifest.targets.filter((target) => couldFit(target, options.machine));
  const binaries = new Map<string, BinaryRead>();
  const preflights = new Map<string, Preflight>();
  const view = createBinaryView();
  const exportsOf = createExportsView();
  for (const path of new Set(here.flatMap(nativePaths)))
    await lookInto(path, {
      plugin,
      machine: options.machine,
      view,
      exportsOf,
      binaries,
      preflights,
    });
  return {
    files,
    ...(isSealed(manifest) ? { unlisted: await readUnlisted(plugin) } : {}),
    signature: await readSignature(plugin, options.policy),
    binaries,
    preflights,
    libraries: readLibraries(plugin, options),
  };
}

const couldFit = ({ os, cpu }: Target, machine: MachineFacts): boolean =>
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

/** Digests of the files that the manifest seals, of those that are as large as they should be. */
async function hashFiles(
  { source, root, manifest }: PluginFiles,
  table: FileTable,
  cache: DigestCache,
): Promise<FileTable> {
  const hashed = new Map(table);
  for (const { path, size } of manifest.targets.flatMap(({ files = [] }) => files)) {
    const facts = hashed.get(path);
    if (facts?.kind !== 'file' || facts.size !== size || facts.sha256 !== undefined) continue;
    const absolute = source.join(root, path);
    const sha256 = await source.digest(absolute).catch(() => undefined);
    // what cannot be read now could not be loaded either
    hashed.set(path, sha256 === undefined ? undefined : { ...facts, sha256 });
    if (sha256 === undefined) continue;
    if (source.kind === 'disk') cache.put(absolute, facts, sha256);
  }
  return hashed;
}

interface Looking {
  readonly plugin: PluginFiles;
  readonly machine: MachineFacts;
  readonly view: BinaryView;
  readonly exportsOf: ExportsOf;
  readonly binaries: Map<string, BinaryRead>;
  readonly preflights: Map<string, Preflight>;
}

const HASH_BANG = 0x2321;

/** A native file; a script with `#!`, which an `exec` may be, is none. */
async function lookInto(path: string, looking: Looking): Promise<void> {
  const { plugin, machine, view, binaries, preflights } = looking;
  const absolute = plugin.source.join(plugin.root, path);
  try {
    using bytes = await plugin.source.open(absolute);
    const start = bytes.size >= 2 ? bytes.read(0, 2) : new Uint8Array(2);
    if (((start[0] ?? 0) << 8) + (start[1] ?? 0) === HASH_BANG) return;
    const read = parseBinary(bytes);
    binaries.set(path, read);
    const slice = read.ok ? read.slices.find(({ cpu }) => cpu === machine.cpu) : undefined;
    if (slice === undefined) return;
    const found = preflight({ path: absolute, facts: slice }, machine, view);
    preflights.set(path, { ...found, ...symbolsOf(path, slice, found, looking) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    binaries.set(path, { ok: false, reason });
  }
}

/**
 * Symbols that an addon of this machine needs in vain. Only where all that is loaded is known: what is preloaded may
 * define anything, and a library that an addon brings may count on the addon.
 */
function symbolsOf(
  path: string,
  facts: BinaryFacts,
  { missing, unknown, reached }: Preflight,
  { plugin, machine, view, exportsOf }: Looking,
): Pick<Preflight, 'undefinedSymbols'> {
  const isAddon = plugin.manifest.targets.some(
    ({ entry }) => entry.type === 'node-addon' && entry.path === path,
  );
  if (!isAddon || machine.loader?.kind !== 'elf' || missing.length + unknown.length > 0) return {};
  const { program } = machine.node;
  if (program === undefined || (machine.variables?.['LD_PRELOAD'] ?? '') !== '') return {};
  const before = preflight(program, machine, view);
  const found = undefinedSymbols(
    facts,
    program.symbols,
    [...before.reached, ...reached],
    exportsOf,
  );
  return found === undefined ? {} : { undefinedSymbols: found };
}

/** What could be loaded or run by its name. */
const CODE = /\.(?:js|mjs|cjs|node|wasm|so(?:\.\d+)*|dylib|dll)$/;
const MOST_FOLDERS = 10_000;

async function readUnlisted({ source, root, manifest }: PluginFiles): Promise<readonly string[]> {
  const listed = new Set(
    manifest.targets.flatMap(({ files = [] }) => files.map(({ path }) => path)),
  );
  const paths: string[] = [];
  const folders = [''];
  for (let index = 0; index < folders.length && index < MOST_FOLDERS; index++)
    for (const { path, kind } of await entriesIn(source, root, folders[index] ?? ''))
      (kind === 'directory' ? folders : paths).push(path);
  return paths.filter((path) => CODE.test(path) && !listed.has(path)).sort();
}

/** What is in a folder below the root, by manifest paths. */
async function entriesIn(
  source: PluginSource,
  root: string,
  below: string,
): Promise<readonly { readonly path: string; readonly kind: FolderEntry['kind'] }[]> {
  const entries = await source.list(source.join(root, below)).catch(() => undefined);
  return (entries ?? []).map(({ name, kind }) => ({
    path: below === '' ? name : `${below}/${name}`,
    kind,
  }));
}

const SIGNATURE_BYTES = 64 * 1024;

async function readSignature(
  { source, path, bytes, manifest }: PluginFiles,
  { trustedKeys, now }: Policy,
): Promise<NonNullable<Subject['signature']>> {
  const beside = `${path}.sig`;
  const isThere = (await source.stat(beside).catch(() => undefined)) !== undefined;
  const file = isThere
    ? await source.read(beside, SIGNATURE_BYTES).catch(() => new Uint8Array())
    : undefined;
  const question = {
    manifest: bytes,
    file,
    publisherKey: manifest.publisher?.key,
    trustedKeys,
    now,
  };
  if (file === undefined) return judgeSignature(question, () => false);
  const { verifyEd25519 } = await import('../compatibility/verify-ed25519.js');
  return judgeSignature(question, verifyEd25519);
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
