import { MANIFEST_SUFFIX } from '../compatibility/stages/identity.js';
import type { FileFacts, FolderEntry, PluginSource } from '../files/plugin-source.js';
import type { Layer } from './catalogue.js';
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
  return manifestsAt(place, source, { path: real, folder, entries });
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
): Promise<Looked> {
  const found: Found[] = [];
  const notes: string[] = [];
  for (const { name, kind } of entries) {
    const each = source.join(path, name);
    if (isManifest(name)) found.push({ path: each, layer, explicit: false, source, kind, folder });
    else if (kind === 'directory') {
      const inside = await manifestsIn(layer, source, each);
      found.push(...inside.found);
      notes.push(...inside.notes);
    } else if (kind === 'link') notes.push(`${each} is a link and not followed`);
    else notes.push(...caseNotes(each));
  }
  return { found, notes };
}

const isManifest = (name: string): boolean => name.endsWith(MANIFEST_SUFFIX);

/** Where case does not count its author may have taken it for a manifest. */
const caseNotes = (path: string): readonly string[] =>
  isManifest(path.toLowerCase())
    ? [`${path} is not taken for a manifest: its name must end with ${MANIFEST_SUFFIX}`]
    : [];

async function listSorted(
  source: PluginSource,
  folder: string,
): Promise<readonly FolderEntry[] | undefined> {
  const entries = await source.list(folder);
  return entries && [...entries].sort(byName);
}

const byName = (a: FolderEntry, b: FolderEntry): number => compareBytes(a.name, b.name);

/** The manifests in a folder of a plugin. Where it cannot be looked into, that is told. */
async function manifestsIn(layer: Layer, source: PluginSource, path: string): Promise<Looked> {
  try {
    const folder = await source.stat(path);
    if (folder?.kind !== 'directory') return nothing();
    const entries = (await source.list(path)) ?? [];
    const manifests = entries.filter(({ name }) => isManifest(name)).sort(byName);
    const others = entries.filter(({ name }) => !isManifest(name));
    return {
      found: manifests.map(({ name, kind }) => {
        return { path: source.join(path, name), layer, explicit: false, source, kind, folder };
      }),
      notes: others.flatMap(({ name }) => caseNotes(source.join(path, name))),
    };
  } catch (error) {
    return nothing(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
