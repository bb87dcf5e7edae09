import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from '@voxhost/sdk';
import type { Load } from './launch.js';

/** Entry file of each npm library that a target requires, or why it cannot be had. Loads nothing. */
export async function findRuntimes(
  { requires }: Target,
  urlOf: (name: string) => Promise<URL>,
): Promise<Load['runtimes']> {
  const npm = (requires?.libraries ?? []).filter(({ kind }) => kind === 'npm');
  const found = npm.map(async ({ name }) => {
    try {
      return [name, { path: fileURLToPath(await urlOf(name)) }] as const;
    } catch (error) {
      return [name, { reason: error instanceof Error ? error.message : String(error) }] as const;
    }
  });
  return Object.fromEntries(await Promise.all(found));
}

/** The folders in which npm put the libraries and what they depend on. */
export function foldersOf(runtimes: Load['runtimes']): readonly string[] {
  return Object.values(runtimes).flatMap((found) => {
    if (!('path' in found)) return [];
    const at = found.path.lastIndexOf('node_modules');
    return [at < 0 ? dirname(found.path) : found.path.slice(0, at + 'node_modules'.length)];
  });
}
