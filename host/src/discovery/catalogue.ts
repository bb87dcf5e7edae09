import type { Json, Manifest, Target } from '@voxhost/sdk';
import type { PluginSource } from '../files/plugin-source.js';
import type { Verdict } from '../verdict.js';

/** Search layer: 1 API and command line, 2 environment, 3 project lock, 4 user, 5 npm, 6 machine, 7 bundled, 8 built in. */
export type Layer = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** One manifest that was found, with all that is known of it. */
export interface CatalogueEntry {
  readonly layer: Layer;
  /** Path of the manifest; `builtin:reference` for what is compiled in. */
  readonly path: string;
  readonly source: PluginSource;
  /** Absolute folder that the manifest's paths are relative to; undefined until the manifest could be read. */
  readonly root?: string;
  readonly manifest?: Manifest;
  /** The capabilities as the file has them; `manifest` lacks the blocks that this host does not know. */
  readonly declaredCapabilities?: Json;
  /** The target that passed. */
  readonly target?: Target;
  readonly sealed: boolean;
  /** Is it bundled, or does the user trust exactly these files? Only then may it run in this process. */
  readonly trusted: boolean;
  /** Does a lock file go for this version? */
  readonly pinned?: boolean;
  /** Id of a plugin that it conflicts with and that may run in this process, so that this one must not. */
  readonly apartFrom?: string;
  readonly verdict: Verdict;
  /** Of the circumstances that it was judged in; undefined until the manifest could be read. */
  readonly fingerprint?: () => string;
}

/** Everything found, in the total order of precedence; shadowed and refused entries are kept. */
export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  /** Remarks that belong to no plugin: a folder that is missing, a pattern that matched nothing. */
  readonly notes: readonly string[];
}

/** Reads the catalogue once, at the first call that needs it. */
export interface CatalogueReader {
  read(): Promise<Catalogue>;
  /** The entry with everything checked that can be without running it: before its code is loaded. */
  verify(entry: CatalogueEntry): Promise<CatalogueEntry>;
}
