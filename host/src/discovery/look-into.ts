import { MANIFEST_SUFFIX } from '../compatibility/stages/identity.js';
import type { Layer } from './catalogue.js';
import type { FileFacts, PluginSource } from './plugin-source.js';
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
  /** Of the folder that holds it, where that was looked at already. */
  readonly folder?: FileFacts;
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
  const names = await listSorted(source, real);
  if (names === undefined) return nothing(`${path} (${origin}) is no folder`);
  const found: Found[] = [];
  const notes: string[] = [];
  for (const name of names) {
    const manifests = await manifestsAt(source, real, name);
    if (manifests === 'link') notes.push(`${source.join(real, name)} is a link and not followed`);
    else for (const each of manifests) found.push({ ...each, layer, explicit: false, source });
  }
  return { found, notes };
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
): Promise<readonly Pick<Found, 'path' | 'folder'>[] | 'link'> {
  const path = source.join(folder, name);
  if (name.endsWith(MANIFEST_SUFFIX)) return [{ path }];
  const facts = await source.stat(path).catch(() => undefined);
  if (facts?.kind === 'link') return 'link';
  if (facts?.kind !== 'directory') return [];
  const names = await listSorted(source, path).catch(() => undefined);
  return (names ?? [])
    .filter((each) => each.endsWith(MANIFEST_SUFFIX))
    .map((each) => ({ path: source.join(path, each), folder: facts }));
}
