import { type CatalogueSettings, readCatalogue } from '../composition/read-catalogue.js';
import type { Catalogue } from '../discovery/catalogue.js';
import type { Session } from './command.js';
import type { CommonOptions } from './common-options.js';

/** What a host with these options would find. No host is made, so nothing of routing is loaded. */
export const findPlugins = (options: CommonOptions, session: Session): Promise<Catalogue> =>
  readCatalogue(catalogueSettings(options, session));

/** Where a host with these options would look. */
export function catalogueSettings(
  { pluginPath, project }: CommonOptions,
  { embedded }: Session,
): CatalogueSettings {
  return {
    pluginPaths: pluginPath ?? [],
    only: false,
    ...(project !== undefined && { project }),
    ...(embedded && { assets: embedded }),
  };
}
