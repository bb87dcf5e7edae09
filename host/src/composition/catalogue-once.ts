import type { Catalogue, CatalogueReader } from '../discovery/catalogue.js';
import type { PluginSource } from '../discovery/plugin-source.js';

/** What a host is told of where plugins are. */
export interface CatalogueSettings {
  readonly pluginPaths: readonly string[];
  readonly only: boolean;
  readonly project?: string;
  /** Embedded plugins of a single executable. */
  readonly assets?: { readonly source: PluginSource; readonly folder: string };
}

/** Discovers at the first read and keeps what it found; the parts that discover are imported only then. */
export function catalogueOnce(settings: CatalogueSettings): CatalogueReader {
  let catalogue: Promise<Catalogue> | undefined;
  return {
    read: () => {
      catalogue ??= readCatalogue(settings);
      return catalogue;
    },
  };
}

async function readCatalogue(settings: CatalogueSettings): Promise<Catalogue> {
  const [
    { discoverPlugins },
    { createDiskSource },
    { readSearchEnvironment },
    { searchLayers },
    facts,
    policy,
  ] = await Promise.all([
    import('../discovery/discover.js'),
    import('../discovery/disk-source.js'),
    import('../discovery/read-search-environment.js'),
    import('../discovery/search-layers.js'),
    import('../compatibility/read-machine-facts.js'),
    import('../compatibility/policy.js'),
  ]);
  const { pluginPaths, only, project, assets } = settings;
  const environment = readSearchEnvironment({
    pluginPaths,
    ...(project === undefined ? {} : { project }),
    ...(assets === undefined ? {} : { assets: assets.folder }),
  });
  const layers = searchLayers(environment).filter(({ layer }) => !only || layer === 1);
  return discoverPlugins({
    layers,
    facts: facts.readMachineFacts(),
    policy: policy.DEFAULT_POLICY,
    source: createDiskSource(),
    ...(assets === undefined ? {} : { assets: assets.source }),
  });
}
