import type { Catalogue, CatalogueReader } from '../discovery/catalogue.js';
import type { CatalogueSettings } from './read-catalogue.js';

/** Discovers at the first read and keeps what it found; the parts that discover are imported only then. */
export function catalogueOnce(settings: CatalogueSettings): CatalogueReader {
  let catalogue: Promise<Catalogue> | undefined;
  return {
    read: () => {
      catalogue ??= import('./read-catalogue.js').then(({ readCatalogue }) =>
        readCatalogue(settings),
      );
      return catalogue;
    },
    verify: async (entry) => {
      const { verifyPlugin } = await import('./read-catalogue.js');
      return verifyPlugin(settings, entry);
    },
  };
}
