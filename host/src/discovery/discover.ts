import { dirname, join } from 'node:path';
import { type ManifestDocument, readDocument } from '../compatibility/document.js';
import { judge } from '../compatibility/judge.js';
import type { MachineFacts } from '../compatibility/machine-facts.js';
import type { Policy } from '../compatibility/policy.js';
import { MANIFEST_SUFFIX } from '../compatibility/stages/identity.js';
import type { FileTable, Subject } from '../compatibility/subject.js';
import { builtinReference } from './builtin-reference.js';
import type { Catalogue, CatalogueEntry, Layer } from './catalogue.js';
import { locate } from './locate.js';
import type { FileFacts, PluginSource } from './plugin-source.js';
import { type Candidate, compareBytes, settlePrecedence } from './precedence.js';
import { readProject } from './read-project.js';
import type { SearchPlace } from './search-layers.js';

export interface DiscoverOptions {
  readonly layers: readonly SearchPlace[];
  readonly facts: MachineFacts;
  readonly policy: Policy;
  /** The disk. */
  readonly source: PluginSource;
  /** The assets of a single executable. */
  readonly assets?: PluginSource;
}

/** A manifest's file, found by looking into a place. */
interface Found {
  readonly path: string;
  readonly layer: Layer;
  readonly explicit: boolean;
  readonly source: PluginSource;
}

/**
 * Finds all plugins and judges each, without running any of their code. Whatever a plugin's files are like, the
 * outcome is a verdict: it never rejects, and one plugin never hides another.
 */
export async function discoverPlugins(options: DiscoverOptions): Promise<Catalogue> {
  const notes: string[] = [];
  const found = new Map<string, Found>();
  for (const place of options.layers) {
    const looked = await look(place, options);
    notes.push(...looked.notes);
    for (const each of looked.found) if (!found.has(each.path)) found.set(each.path, each);
  }
  const candidates: Candidate[] = [];
  for (const each of found.values())
    candidates.push({ entry: await judgeFound(each, options), explicit: each.explicit });
  const entries = [...settlePrecedence(candidates), builtinReference(options.source)];
  return { entries, notes };
}

interface Looked {
  readonly found: readonly Found[];
  readonly notes: readonly string[];
}

async function look(place: SearchPlace, options: DiscoverOptions): Promise<Looked> {
  const { layer, explicit } = place;
  const source = place.source === 'assets' ? (options.assets ?? options.source) : options.source;
  try {
    const { manifests, notes } =
      place.kind === 'project'
        ? await readProject(source, place.path)
        : await lookIntoPath(place, source);
    return { found: manifests.map((path) => ({ path, layer, explicit, source })), notes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { found: [], notes: [`${place.path} (${place.origin}): ${reason}`] };
  }
}

interface PathLook {
  readonly manifests: readonly string[];
  readonly notes: readonly string[];
}

/** A manifest, or a folder of manifests or of plugins' folders. */
async function lookIntoPath(place: SearchPlace, source: PluginSource): Promise<PathLook> {
  const { path, origin } = place;
  if (path.endsWith(MANIFEST_SUFFIX)) return { manifests: [path], notes: [] };
  const facts = await source.stat(path);
  const isExpected = place.layer < 4;
  if (facts === undefined)
    return { manifests: [], notes: isExpected ? [`${path} (${origin}) is not there`] : [] };
  const real = facts.kind === 'link' ? await source.real(path) : path;
  const names = await listSorted(source, real);
  if (names === undefined) return { manifests: [], notes: [`${path} (${origin}) is no folder`] };
  const manifests: string[] = [];
  for (const name of names) manifests.push(...(await manifestsAt(source, real, name)));
  return { manifests, notes: [] };
}

async function listSorted(
  source: PluginSource,
  folder: string,
): Promise<readonly string[] | undefined> {
  const names = await source.list(folder);
  return names === undefined ? undefined : [...names].sort(compareBytes);
}

/** The name itself where it is a manifest's; the manifests in it where it is a folder. Links are not followed. */
async function manifestsAt(
  source: PluginSource,
  folder: string,
  name: string,
): Promise<readonly string[]> {
  const path = join(folder, name);
  if (name.endsWith(MANIFEST_SUFFIX)) return [path];
  const facts = await source.stat(path).catch(() => undefined);
  if (facts?.kind !== 'directory') return [];
  const names = await listSorted(source, path).catch(() => undefined);
  return (names ?? [])
    .filter((each) => each.endsWith(MANIFEST_SUFFIX))
    .map((each) => join(path, each));
}

async function judgeFound(found: Found, options: DiscoverOptions): Promise<CatalogueEntry> {
  const { path, layer, source } = found;
  const located = await locate(source, path);
  const document = located.ok ? readDocument(located.bytes, path) : undefined;
  const root = document?.ok ? join(dirname(path), document.manifest.root ?? '.') : undefined;
  const files =
    document?.ok && root !== undefined ? await readFiles(source, root, document) : new Map();
  const subject: Subject = { path, layer, located, files };
  const judged = judge(subject, options.facts, options.policy, document);
  return { layer, path, source, ...(root === undefined ? {} : { root }), ...judged };
}

/** Facts of each file that the manifest names; none is opened. */
async function readFiles(
  source: PluginSource,
  root: string,
  document: ManifestDocument & { ok: true },
): Promise<FileTable> {
  const table = new Map<string, FileFacts | undefined>();
  for (const { entry, probe, files = [] } of document.manifest.targets) {
    const paths = [...files.map(({ path }) => path), entry.path, ...(probe ? [probe.path] : [])];
    for (const path of paths)
      if (!table.has(path))
        table.set(path, await source.stat(join(root, path)).catch(() => undefined));
  }
  return table;
}
