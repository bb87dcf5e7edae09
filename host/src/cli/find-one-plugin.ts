import { readCatalogue } from '../composition/read-catalogue.js';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { HostError } from '../errors.js';
import { findManifest } from '../packing/find-manifest.js';

/** The plugin of a folder or manifest, judged like any that the user names, and alone. Throws `BAD_FILE`. */
export async function findOnePlugin(path: string): Promise<CatalogueEntry> {
  const manifest = await findManifest(path);
  const { entries, notes } = await readCatalogue({ flags: { only: [manifest] } });
  const entry = entries.find((each) => each.path === manifest);
  if (entry !== undefined) return entry;
  const reason = notes.join('; ') || 'is no manifest, NAME.plugin.json';
  throw new HostError('BAD_FILE', { path, reason, remedy: 'name a manifest or its folder' });
}
