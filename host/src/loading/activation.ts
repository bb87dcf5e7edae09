import type { Backend, Context, LogLevel, Manifest, Target } from '@voxhost/sdk';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import type { Death } from './process/death.js';
import type { BackendLimits } from './process/process-backend.js';
import type { Timeouts } from './timeouts.js';

/** What the host lends to plugins. */
export interface ActivationServices {
  /** Aborted when the host closes. */
  readonly signal: AbortSignal;
  /** Threads that may compute for the plugin at once, at least 1. */
  readonly threads: number;
  readonly log: (level: LogLevel, text: string) => void;
  /** The host's routing without this plugin. */
  readonly prepare: Context['prepare'];
  readonly timeouts: Timeouts;
  /** Folders in which libraries that users bring are looked for, after the variable that a manifest names. */
  readonly libraryFolders?: readonly string[];
  /** Checks everything that a quick discovery left open: `verifyEntry`. Without it such an entry is refused. */
  readonly verify?: (entry: CatalogueEntry) => Promise<CatalogueEntry>;
  /** Did the user trust exactly these files? Default: what the entry says. */
  readonly isTrusted?: (entry: CatalogueEntry) => boolean;
  /** Told when a plugin's process ends without being asked to, or its answer breaks the contract. */
  readonly onFault?: (fault: Death) => void;
  /** Told of the life of a plugin's process, for whoever looks for a fault. */
  readonly trace?: (text: string) => void;
  /** For a plugin in a process of its own, where they are not the defaults. */
  readonly limits?: Partial<BackendLimits>;
  /** Backends that are compiled in, by the path of a `builtin` entry. */
  readonly builtin?: (path: string) => Promise<Backend>;
}

/** An entry that passed stages 0 to 10. */
export type RunnableEntry = CatalogueEntry & {
  readonly manifest: Manifest;
  readonly target: Target;
  readonly root: string;
};

/** A plugin in use. */
export interface ActivePlugin {
  readonly entry: CatalogueEntry;
  readonly backend: Backend;
  /** Ends the backend and all that it prepared through the host; a second call does nothing. */
  dispose(): Promise<void>;
}
