import { readFile } from 'node:fs/promises';
import plugin from '@voxhost/plugin-cpu';
import type { Backend } from '@voxhost/sdk';
import { createFakeContext, type FakeContext } from '@voxhost/sdk/testing';
import { createCpuBackend } from '#cpu/backend.js';
import { LIMITS, type MemoryLimits } from '#cpu/limits.js';

const at = (path: string): URL => new URL(`../../../../plugins/cpu/${path}`, import.meta.url);

/** The plugin's backend as it ships, from its bundles on disk. */
export async function createCpu(threads = 2, worker?: URL): Promise<Backend> {
  return plugin.activate(await contextOf(threads, worker));
}

/** The same under other limits of memory. */
export async function createCpuWithin(limits: Partial<MemoryLimits>): Promise<Backend> {
  return createCpuBackend(await contextOf(2), { ...LIMITS, ...limits });
}

/** Limits under which every source that is sampled once stays with the caller, in bricks of so many bytes. */
export const bricksOf = (bytes: number): Partial<MemoryLimits> => ({
  streamedFrom: 0,
  brick: { part: 0, share: 0, process: 0, least: bytes, most: bytes, keptLattice: 0 },
});

async function contextOf(
  threads: number,
  worker: URL = at('bundle/worker.js'),
): Promise<FakeContext> {
  const kernels = await readFile(at('bundle/kernels.wasm'));
  return createFakeContext({
    threads,
    files: { 'bundle/kernels.wasm': kernels },
    modules: { 'bundle/worker.js': worker },
  });
}
