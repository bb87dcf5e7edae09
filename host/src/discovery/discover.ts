import { type ManifestDocument, readDocument } from '../compatibility/document.js';
import { matchesId } from '../compatibility/id-pattern.js';
import { judge } from '../compatibility/judge.js';
import type { MachineFacts } from '../compatibility/machine-facts.js';
import type { Policy, PolicyPatterns } from '../compatibility/policy.js';
import type { Guarded, Subject } from '../compatibility/subject.js';
import type { FileFacts, PluginSource } from '../files/plugin-source.js';
import { builtinReference } from './builtin-reference.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import { settleDependencies } from './dependencies.js';
import { type DigestCache, NO_CACHE } from './digest-cache.js';
import { locate } from './locate.js';
import { type Found, lookInto } from './look-into.js';
import { type Candidate, settlePrecedence } from './precedence.js';
import { type LookOptions, readQuickFacts } from './read-quick-facts.js';
import type { SearchPlace } from './search-layers.js';

export interface DiscoverOptions {
  readonly layers: readonly SearchPlace[];
  readonly facts: MachineFacts;
  readonly policy: Policy;
  /** The disk. */
  readonly source: PluginSource;
  /** The assets of a single executable. */
  readonly assets?: PluginSource;
  /**
   * `quick`, the default: manifests are read, files looked at but not opened; what that leaves open is `unchecked` in the
   * verdict, and `verifyEntry` closes it. `full`: every file is read, as `plugins doctor` does.
   */
  readonly depth?: 'quick' | 'full';
  /** Default: none. */
  readonly cache?: DigestCache;
  /** Folders in which libraries that users bring are looked for, after the variable that a manifest names. */
  readonly libraryFolders?: readonly string[];
  /** What was remarked before: settings that could not be understood. */
  readonly notes?: readonly string[];
}

/**
 * Finds all plugins and judges each, without running any of their code. Whatever a plugin's files are like, the
 * outcome is a verdict: it never rejects, and one plugin never hides another.
 */
export async function discoverPlugins(options: DiscoverOptions): Promise<Catalogue> {
  const notes: string[] = [...(options.notes ?? [])];
  const found = new Map<string, Found>();
  for (const place of options.layers) {
    const source = place.source === 'assets' ? (options.assets ?? options.source) : options.source;
    const looked = await lookInto(place, source);
    notes.push(...looked.notes);
    for (const each of looked.found) if (!found.has(each.path)) found.set(each.path, each);
  }
  const candidates: Candidate[] = [];
  for (const each of found.values())
    candidates.push({ entry: await judgeFound(each, options), explicit: each.explicit });
  options.cache?.save();
  const settled = await settleConflicts(settleDependencies(settlePrecedence(candidates)));
  const entries = [...settled, builtinReference(options.source)];
  return { entries, notes: [...notes, ...patternNotes(options.policy, entries)] };
}

/** Few plugins have conflicts, and who has none need not load what decides where they run. */
async function settleConflicts(
  entries: readonly CatalogueEntry[],
): Promise<readonly CatalogueEntry[]> {
  if (!entries.some(({ manifest }) => (manifest?.conflicts ?? []).length > 0)) return entries;
  const { keepApart } = await import('./conflicts.js');
  return keepApart(entries);
}

/** One manifest, judged by itself as if the user had named it, with all its files read. */
export const judgeManifest = (
  path: string,
  options: Omit<DiscoverOptions, 'layers' | 'assets' | 'depth'>,
): Promise<CatalogueEntry> =>
  judgeFound(
    { path, layer: 1, source: options.source, explicit: true },
    { ...options, depth: 'full' },
  );

/** The entry with everything checked that can be without running it: what comes before a plugin's code is loaded. */
export async function verifyEntry(
  entry: CatalogueEntry,
  options: Omit<DiscoverOptions, 'layers' | 'source' | 'assets' | 'depth'>,
): Promise<CatalogueEntry> {
  if (entry.layer === 8) return entry;
  const { path, layer, source } = entry;
  const judged = await judgeFound(
    { path, layer, source, explicit: false },
    { ...options, depth: 'full' },
  );
  options.cache?.save();
  return entry.apartFrom === undefined ? judged : { ...judged, apartFrom: entry.apartFrom };
}

async function judgeFound(
  found: Found,
  options: Omit<DiscoverOptions, 'layers' | 'source' | 'assets'>,
): Promise<CatalogueEntry> {
  const { path, layer, source } = found;
  const located = await locate(source, path, found.kind);
  const document = located.ok ? readDocument(located.bytes, path) : undefined;
  const root = document?.ok ? await rootOf(source, path, document) : undefined;
  const look: LookOptions = {
    machine: options.facts,
    policy: options.policy,
    cache: options.cache ?? NO_CACHE,
    libraryFolders: options.libraryFolders ?? [],
  };
  const read = options.depth === 'full' ? await loadFullFacts() : readQuickFacts;
  const facts =
    located.ok && document?.ok && root !== undefined
      ? await read({ source, path, root, bytes: located.bytes, manifest: document.manifest }, look)
      : { files: new Map() };
  const own = located.ok ? located.facts : undefined;
  const guarded = await readGuarded(found, { own, root }, options.policy);
  const subject: Subject = { ...facts, path, layer, located, guarded };
  const judged = judge(subject, options.facts, options.policy, document);
  const entry = { ...judged, layer, path, source };
  return root === undefined ? entry : { ...entry, root };
}

/** What reads binaries and signatures: a start does without. */
const loadFullFacts = async () => (await import('./read-full-facts.js')).readFullFacts;

/** A root elsewhere is made real once: a workspace links its packages. Below it no link is followed. */
async function rootOf(
  source: PluginSource,
  path: string,
  { manifest }: ManifestDocument & { ok: true },
): Promise<string> {
  const folder = source.folderOf(path);
  if (manifest.root === undefined || manifest.root === '.') return folder;
  const root = source.join(folder, manifest.root);
  return source.real(root).catch(() => root);
}

/** The manifest, its folder and the root, with their owners, as far as they were not looked at before. Assets belong to the executable. */
async function readGuarded(
  { source, path, folder }: Found,
  { own, root }: { readonly own: FileFacts | undefined; readonly root: string | undefined },
  { trustedOwners }: Policy,
): Promise<readonly Guarded[]> {
  if (source.kind === 'assets' || trustedOwners === undefined) return [];
  const above = source.folderOf(path);
  const guarded: Guarded[] = [];
  const guard = async (each: string, known?: FileFacts) => {
    const facts = known ?? (await source.stat(each).catch(() => undefined));
    if (facts !== undefined) guarded.push({ path: each, uid: facts.uid, mode: facts.mode });
  };
  await guard(path, own);
  await guard(above, folder);
  if (root !== undefined && root !== above) await guard(root);
  return guarded;
}

/** Patterns that match no plugin: often a slip of the pen. */
function patternNotes(
  { select, disable }: Policy,
  entries: readonly CatalogueEntry[],
): readonly string[] {
  const ids = entries.flatMap(({ verdict }) => verdict.id ?? []);
  const unmatched = (patterns: PolicyPatterns | undefined) =>
    (patterns?.value ?? [])
      .filter((pattern) => !ids.some((id) => matchesId(pattern, id)))
      .map(({ text }) => `${patterns?.origin} has "${text.trim()}", which matches no plugin`);
  return [...unmatched(select), ...unmatched(disable)];
}
