import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Grid } from '@voxhost/sdk';

/** The committed fixtures, from the compiled test. */
export const fixture = (...names: string[]): string =>
  join(fileURLToPath(new URL('../../../test/fixtures/', import.meta.url)), ...names);

/** A folder that is gone when `use` is done. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-io-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Largest difference between two lists of numbers of one length; Infinity for other lengths. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** Largest difference of spacing, origin and direction. */
export const gridDifference = (a: Grid, b: Grid): number =>
  Math.max(
    largestDifference(a.spacing, b.spacing),
    largestDifference(a.origin, b.origin),
    largestDifference(a.direction, b.direction),
  );
