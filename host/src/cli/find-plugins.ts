import { type CatalogueSettings, readCatalogue } from '../composition/read-catalogue.js';
import type { Catalogue } from '../discovery/catalogue.js';
import type { Session } from './command.js';
import { type CommonOptions, flagsOf } from './common-options.js';

/** What a host with these options would find. No host is made, so nothing of routing is loaded. */
export const findPlugins = (options: CommonOptions, session: Session): Promise<Catalogue> =>
  readCatalogue(catalogueSettings(options, session));

/** Where a host with these options would look. */
export function catalogueSettings(
  options: CommonOptions,
  { embedded }: Session,
): CatalogueSettings {
  const { project, lock } = options;
  return {
    flags: flagsOf(options),
    ...(project !== undefined && { project }),
    ...(lock !== undefined && { lock }),
    ...(embedded && { assets: embedded }),
  };
}
