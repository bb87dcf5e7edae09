import { readFile } from 'node:fs/promises';
import plugin from '@voxhost/plugin-cpu';
import type { Backend, Context } from '@voxhost/sdk';

const ROOT = new URL('../../../../plugins/cpu/', import.meta.url);

/** The plugin's backend as it ships, from its bundles on disk. */
export function createCpu(threads = 2, over: Partial<Context> = {}): Promise<Backend> {
  return plugin.activate({
    signal: new AbortController().signal,
    threads,
    log: () => undefined,
    resource: (path) => readFile(new URL(path, ROOT)),
    module: async (path) => new URL(path, ROOT),
    runtime: () => Promise.reject(new Error('the cpu plugin needs no runtime')),
    runtimeUrl: () => Promise.reject(new Error('the cpu plugin needs no runtime')),
    prepare: () => Promise.reject(new Error('the cpu plugin prepares nothing elsewhere')),
    ...over,
  });
}
