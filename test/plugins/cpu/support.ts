import { readFile } from 'node:fs/promises';
import plugin from '@voxhost/plugin-cpu';
import type { Backend } from '@voxhost/sdk';
import { createFakeContext } from '@voxhost/sdk/testing';

const at = (path: string): URL => new URL(`../../../../plugins/cpu/${path}`, import.meta.url);

/** The plugin's backend as it ships, from its bundles on disk. */
export async function createCpu(
  threads = 2,
  worker: URL = at('bundle/worker.js'),
): Promise<Backend> {
  const kernels = await readFile(at('bundle/kernels.wasm'));
  return plugin.activate(
    createFakeContext({
      threads,
      files: { 'bundle/kernels.wasm': kernels },
      modules: { 'bundle/worker.js': worker },
    }),
  );
}
