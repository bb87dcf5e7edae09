import { MANIFEST_SUFFIX } from '../compatibility/stages/identity.js';
import type { Layer } from './catalogue.js';
import type { FileFacts, FolderEntry, PluginSource } from './plugin-source.js';
import { compareBytes } from './precedence.js';
import { readProject } from './read-project.js';
import type { SearchPlace } from './search-layers.js';

/** A manifest's file, found by looking into a place. */
export interface Found {
  readonly path: string;
  readonly layer: Layer;
  /** Did the user name this very file? */
  readonly explicit: boolean;
  readonly source: PluginSource;
  /** What the folder said that it is; absent where nobody asked. */
  readonly kind?: FileFacts['kind'];
  /** Of the folder that holds it, where that was looked at already. */
  readonly folder?: FileFacts | undefined;
}

export interface Looked {
  readonly found: readonly Found[];
  readonly notes: readonly string[];
}

/** The manifests of a place, in the order of bytes. What cannot be looked at is a note; it never rejects. */
export async function lookInto(place: SearchPlace, source: PluginSource): Promise<Looked> {
  const { layer, path, origin } = place;
  try {
    if (place.kind === 'project') {
      const { manifests, notes } = await readProject(source, path);
      return {
        found: manifests.map((each) => ({ path: each, layer, explicit: false, source })),
        notes,
      };
    }
    return await lookIntoPath(place, source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { found: [], notes: [`${path} (${origin}): ${reason}`] };
  }
}

const nothing = (note?: string): Looked => ({ found: [], notes: note === undefined ? [] : [note] });

/** A manifest, or a folder of manifests or of plugins' folders. Only what the user named must be there. */
async function lookIntoPath(place: SearchPlace, source: PluginSource): Promise<Looked> {
  const { path, origin, explicit, layer } = place;
  const named = path.endsWith(MANIFEST_SUFFIX);
  const facts = await source.stat(path);
  if (facts === undefined)
    return nothing(explicit ? `${path} (${origin}) is not there` : undefined);
  // what the user names may be a link; what lies in a folder may not
  const real = facts.kind === 'link' ? await source.real(path).catch(() => path) : path;
  if (named && facts.kind !== 'directory')
    return { found: [{ path: real, layer, explicit, source }], notes: [] };
  const entries = await listSorted(source, real);
  if (entries === undefined) return nothing(`${path} (${origin}) is no folder`);
  const folder = facts.kind === 'link' ? await source.stat(real) : facts;
  const notes = entries
    .filter(({ name, kind }) => kind === 'link' && !name.endsWith(MANIFEST_SUFFIX))
    .map(({ name }) => `${source.join(real, name)} is a link and not followed`);
  return { found: await manifestsAt(place, source, { path: real, folder, entries }), notes };
}

interface Folder {
  readonly path: string;
  readonly folder: FileFacts | undefined;
  readonly entries: readonly FolderEntry[];
}

/** The manifests in a folder and, one level below, in the folders of plugins. */
async function manifestsAt(
  { layer }: SearchPlace,
  source: PluginSource,
  { path, folder, entries }: Folder,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { name, kind } of entries) {
    const each = source.join(path, name);
    if (name.endsWith(MANIFEST_SUFFIX))
      found.push({ path: each, layer, explicit: false, source, kind, folder });
    else if (kind === 'directory') found.push(...(await manifestsIn(layer, source, each)));
  }
  return found;
}

async function listSorted(
  source: PluginSource,
  folder: string,
): Promise<readonly FolderEntry[] | undefined> {
  const entries = await source.list(folder);
  return entries && [...entries].sort(byName);
}

const byName = (a: FolderEntry, b: FolderEntry): number => compareBytes(a.name, b.name);

/** The manifests in a folder of a plugin; none where it cannot be looked into. */
async function manifestsIn(
  layer: Layer,
  source: PluginSource,
  path: string,
): Promise<readonly Found[]> {
  const folder = await source.stat(path).catch(() => undefined);
  if (folder?.kind !== 'directory') return [];
  const entries = (await source.list(path).catch(() => undefined)) ?? [];
  return entries
    .filter(({ name }) => name.endsWith(MANIFEST_SUFFIX))
    .sort(byName)
    .map(({ name, kind }) => {
      return { path: source.join(path, name), layer, explicit: false, source, kind, folder };
    });
}
