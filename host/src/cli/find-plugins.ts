import { readCatalogue } from '../composition/read-catalogue.js';
import type { Catalogue } from '../discovery/catalogue.js';
import type { Session } from './command.js';
import type { CommonOptions } from './common-options.js';

/** What a host with these options would find. No host is made, so nothing of routing is loaded. */
export function findPlugins(options: CommonOptions, { embedded }: Session): Promise<Catalogue> {
  const { pluginPath, project } = options;
  return readCatalogue({
    pluginPaths: pluginPath ?? [],
    only: false,
    ...(project !== undefined && { project }),
    ...(embedded && { assets: embedded }),
  });
}
