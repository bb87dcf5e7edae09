import type { Block } from '@voxhost/sdk';
import type { Spans } from '../../parts/box.js';

/** Samples of a chunk by axis, as in kernels/parameters.h: what one block of threads adds up. */
export const CHUNK = [32, 8, 64] as const;

/** Chunks of a grid by axis. */
export const chunksOf = (size: readonly number[]): readonly number[] =>
  size.map((n, axis) => Math.ceil(n / CHUNK[axis]));

export const product = (numbers: readonly number[]): number =>
  numbers.reduce((all, n) => all * n, 1);

/** Indices of the samples of a block of chunks of a grid. */
export function spansOf({ start, size: count }: Block, size: readonly number[]): Spans {
  const [x, y, z] = size.map((n, axis) => {
    const low = start[axis] * CHUNK[axis];
    return { low, high: Math.min(n, low + count[axis] * CHUNK[axis]) - 1 };
  });
  return [x, y, z];
}

/** Rows at most that the host adds up. */
const MOST_ROWS = 128;

/** Rows that are added up on the device to one for the host: as the grid says, and nothing else, for the last bits. */
export const groupOf = (rows: number): number => Math.ceil(rows / MOST_ROWS);
