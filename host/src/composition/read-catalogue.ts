import { readMachineFacts } from '../compatibility/read-machine-facts.js';
import type { Catalogue, CatalogueEntry } from '../discovery/catalogue.js';
import { createDigestCache } from '../discovery/digest-cache.js';
import { type DiscoverOptions, discoverPlugins, verifyEntry } from '../discovery/discover.js';
import { placesOf } from '../discovery/platform-places.js';
import type { RawPluginSettings } from '../discovery/plugin-settings.js';
import { readLock } from '../discovery/read-lock.js';
import { readPolicy } from '../discovery/read-policy.js';
import { readSearchEnvironment } from '../discovery/read-search-environment.js';
import { type SearchEnvironment, searchLayers } from '../discovery/search-layers.js';
import { createDiskSource } from '../files/disk-source.js';
import type { PluginSource } from '../files/plugin-source.js';

/** What a host is told of where plugins are. */
export interface CatalogueSettings {
  /** What the command line says of plugins. */
  readonly flags?: RawPluginSettings;
  /** What the program says that uses the host. */
  readonly api?: RawPluginSettings;
  readonly project?: string;
  /** File whose pins go first, and whose folder is searched. */
  readonly lock?: string;
  /** Embedded plugins of a single executable. */
  readonly assets?: { readonly source: PluginSource; readonly folder: string };
}

/**
 * Finds and judges all plugins on this machine. Loads none.
 *
 * @param depth - `full` also reads every file of every plugin, and asks drivers about their devices
 */
export function readCatalogue(
  settings: CatalogueSettings,
  depth: 'quick' | 'full' = 'quick',
): Promise<Catalogue> {
  return discoverPlugins({ ...readDiscovery(settings, depth === 'full'), depth });
}

/** The entry with everything checked that can be without running it. */
export const verifyPlugin = (
  settings: CatalogueSettings,
  entry: CatalogueEntry,
): Promise<CatalogueEntry> => verifyEntry(entry, readDiscovery(settings, true));

function readDiscovery(settings: CatalogueSettings, devices: boolean): DiscoverOptions {
  const { assets } = settings;
  const environment = readEnvironment(settings);
  const lock = readLock(environment.lock);
  const notes = [...environment.settings.notes, ...lock.notes];
  return {
    layers: searchLayers(environment),
    facts: readMachineFacts({ devices }),
    policy: { ...readPolicy(environment), pins: lock.pins },
    source: createDiskSource(),
    ...(assets === undefined ? {} : { assets: assets.source }),
    cache: createDigestCache(placesOf(environment).cache),
    libraryFolders: libraryFolders(environment),
    notes,
  };
}

const readEnvironment = ({ assets, ...settings }: CatalogueSettings): SearchEnvironment =>
  readSearchEnvironment({ ...settings, ...(assets && { assets: assets.folder }) });

/** The folders from which plugins' libraries are resolved, as the catalogue judged them. */
export const readLibraryFolders = (settings: CatalogueSettings): readonly string[] =>
  libraryFolders(readEnvironment(settings));

/** Where npm libraries that users bring are looked for: their project, then the host's package and what is above it. */
const libraryFolders = ({ project, hostPackage }: SearchEnvironment): readonly string[] =>
  [project, hostPackage].filter((folder) => folder !== undefined);
