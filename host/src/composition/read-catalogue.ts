import { DEFAULT_POLICY } from '../compatibility/policy.js';
import { readMachineFacts } from '../compatibility/read-machine-facts.js';
import type { Catalogue } from '../discovery/catalogue.js';
import { discoverPlugins } from '../discovery/discover.js';
import { createDiskSource } from '../discovery/disk-source.js';
import type { PluginSource } from '../discovery/plugin-source.js';
import { readSearchEnvironment } from '../discovery/read-search-environment.js';
import { searchLayers } from '../discovery/search-layers.js';

/** What a host is told of where plugins are. */
export interface CatalogueSettings {
  readonly pluginPaths: readonly string[];
  readonly only: boolean;
  readonly project?: string;
  /** Embedded plugins of a single executable. */
  readonly assets?: { readonly source: PluginSource; readonly folder: string };
}

/** Finds and judges all plugins on this machine. Loads none. */
export function readCatalogue(settings: CatalogueSettings): Promise<Catalogue> {
  const { pluginPaths, only, project, assets } = settings;
  const environment = readSearchEnvironment({
    pluginPaths,
    ...(project === undefined ? {} : { project }),
    ...(assets === undefined ? {} : { assets: assets.folder }),
  });
  const layers = searchLayers(environment).filter(({ layer }) => !only || layer === 1);
  return discoverPlugins({
    layers,
    facts: readMachineFacts(),
    policy: DEFAULT_POLICY,
    source: createDiskSource(),
    ...(assets === undefined ? {} : { assets: assets.source }),
  });
}
