import { VoxhostError } from '../errors.js';
import type { Context, LogLevel } from '../plugin.js';
import { createReference } from '../reference/create-reference.js';

/** What a test lends to a plugin; everything is optional. */
export interface FakeHost {
  /** Bytes below the plugin's root, by path. */
  readonly files?: { readonly [path: string]: Uint8Array };
  /** Where code of the plugin lies, by path: file: or data: URLs. */
  readonly modules?: { readonly [path: string]: URL };
  /** Heavy libraries by name, or stand-ins for them. */
  readonly runtimes?: { readonly [name: string]: unknown };
  /** Their entry files by name, as file: URLs. */
  readonly runtimeUrls?: { readonly [name: string]: URL };
  readonly signal?: AbortSignal;
  /** Default 1. */
  readonly threads?: number;
}

/** A context without a host, to dispose when the test ends. */
export interface FakeContext extends Context, AsyncDisposable {
  /** What the plugin logged, in order. */
  readonly logged: readonly { readonly level: LogLevel; readonly text: string }[];
}

/**
 * Files and libraries are what the test gives, and what it does not give rejects with `PLUGIN_FILE`, as a
 * host's would; `prepare` goes to the reference.
 *
 * @example
 * await using context = createFakeContext({ files: { 'kernels.wasm': bytes } });
 * await using backend = await plugin.activate(context);
 */
export function createFakeContext(host: FakeHost = {}): FakeContext {
  const reference = createReference();
  const logged: { level: LogLevel; text: string }[] = [];
  return {
    signal: host.signal ?? new AbortController().signal,
    threads: host.threads ?? 1,
    logged,
    log: (level, text) => logged.push({ level, text }),
    resource: (path) => given('files', host.files, path),
    module: (path) => given('modules', host.modules, path),
    runtime: (name) => given('runtimes', host.runtimes, name),
    runtimeUrl: (name) => given('runtimeUrls', host.runtimeUrls, name),
    prepare: (operation, signal) => reference.prepare(operation, signal),
    [Symbol.asyncDispose]: () => reference[Symbol.asyncDispose](),
  };
}

async function given<T>(
  what: string,
  all: { readonly [name: string]: T } | undefined,
  name: string,
): Promise<T> {
  if (all !== undefined && Object.hasOwn(all, name)) return all[name];
  const reason = `the fake host was given no such entry in ${what}`;
  throw new VoxhostError('PLUGIN_FILE', { plugin: 'under test', path: name, reason });
}
