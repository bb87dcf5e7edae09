import { type Context, type Operation, type Prepared, VoxhostError } from '@voxhost/sdk';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import type { ActivationServices } from './activation.js';
import { loadRuntime, runtimeUrl } from './load-runtime.js';

/** A plugin's context, and the end of it: aborts its signal and disposes what it prepared and left over. */
export interface LentContext {
  readonly context: Context;
  end(): Promise<void>;
}

/** Lends the host's means to a plugin. */
export function createContext(entry: CatalogueEntry, services: ActivationServices): LentContext {
  const ending = new AbortController();
  const leftOver = new Set<AsyncDisposable>();
  const prepare = async <O extends Operation>(
    operation: O,
    signal?: AbortSignal,
  ): Promise<Prepared<O['kind']>> => {
    const prepared = await services.prepare(operation, signal);
    leftOver.add(prepared);
    return {
      run: (map, run) => prepared.run(map, run),
      [Symbol.asyncDispose]: async () => {
        leftOver.delete(prepared);
        await prepared[Symbol.asyncDispose]();
      },
    };
  };
  const context: Context = {
    signal: AbortSignal.any([ending.signal, services.signal]),
    threads: services.threads,
    log: services.log,
    resource: async (path) => entry.source.read(await inside(entry, path)),
    module: async (path) => entry.source.module(await inside(entry, path)),
    runtime: async (name) => loadRuntime(entry, name, services.libraryFolders ?? []),
    runtimeUrl: async (name) => runtimeUrl(entry, name, services.libraryFolders ?? []),
    prepare,
  };
  const end = async (): Promise<void> => {
    ending.abort();
    const each = [...leftOver].map(async (prepared) => prepared[Symbol.asyncDispose]());
    leftOver.clear();
    await Promise.allSettled(each);
  };
  return { context, end };
}

/** Absolute path of a file below the plugin's root; no link on the way, nothing outside. */
async function inside(entry: CatalogueEntry, path: string): Promise<string> {
  const { root = '', source, manifest } = entry;
  const refuse = (reason: string) =>
    new VoxhostError('PLUGIN_FILE', { plugin: manifest?.id ?? entry.path, path, reason });
  const steps = path.split('/');
  if (path.includes('\\') || path.includes('\0') || steps.some((step) => /^\.{0,2}$|:/.test(step)))
    throw refuse('is not a plain path below the root');
  for (let depth = 1; depth <= steps.length; depth++) {
    const facts = await source.stat(source.join(root, ...steps.slice(0, depth)));
    if (facts === undefined) throw refuse('is not there');
    if (facts.kind === 'link') throw refuse('leads through a link');
    if (depth === steps.length && facts.kind !== 'file') throw refuse('is no regular file');
  }
  return source.join(root, ...steps);
}
