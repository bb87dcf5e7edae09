import type { Backend, Prepared } from './backend.js';
import type { Operation } from './operation.js';

/** Least to most urgent. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the host lends to a plugin while it is active. */
export interface Context {
  /** Aborted when the host wants the plugin to end. */
  readonly signal: AbortSignal;
  /** At most so many threads of this machine may compute for the plugin at once; the host's `threads`, at least 1. */
  readonly threads: number;
  readonly log: (level: LogLevel, text: string) => void;
  /** Bytes of a file of the plugin, by its path below the plugin's root. Rejects with `PLUGIN_FILE`. */
  resource(path: string): Promise<Uint8Array>;
  /** Where code of the plugin can be imported or a worker started from: a file: URL on disk, a data: URL when embedded. */
  module(path: string): Promise<URL>;
  /** The heavy library of this name that the manifest requires, imported from where the user has it. Rejects with `PLUGIN_FILE`. */
  runtime(name: string): Promise<unknown>;
  /**
   * Entry file of that library as a file: URL, for a worker of the plugin to import by itself: what
   * `runtime` gives lives in one thread. Loads nothing. Rejects with `PLUGIN_FILE`.
   */
  runtimeUrl(name: string): Promise<URL>;
  /** The host's own routing, never back to this plugin. What is left over is disposed with the plugin. */
  prepare<O extends Operation>(operation: O, signal?: AbortSignal): Promise<Prepared<O['kind']>>;
}

/** What a plugin module exports as default. Importing the module does nothing. */
export interface Plugin {
  /** id, version and abi are constants built into the plugin, echoed against its manifest at the handshake. */
  readonly id: string;
  readonly version: string;
  /** Closed range of contract versions, integers. */
  readonly abi: { readonly min: number; readonly max: number };
  /** Called before the first operation; the end of the backend is that of the plugin. */
  activate(context: Context): Promise<Backend>;
}

/** The contract version that this sdk describes. */
export const ABI = 1;

/** Types the default export of a plugin module; returns it frozen. */
export function definePlugin(plugin: Plugin): Plugin {
  return Object.freeze(plugin);
}
