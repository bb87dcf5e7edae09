import type { Block } from '@voxhost/sdk';
import type { Spans } from '../../parts/box.js';

/** Samples of a chunk by axis, as in kernels/parameters.h: what one block of threads adds up. */
export const CHUNK = [32, 8, 64] as const;

/** Chunks of a grid by axis. */
export const chunksOf = (size: readonly number[], chunk: readonly number[]): readonly number[] =>
  size.map((n, axis) => Math.ceil(n / chunk[axis]));

export const product = (numbers: readonly number[]): number =>
  numbers.reduce((all, n) => all * n, 1);

/** How a grid is cut into chunks. */
export interface Cut {
  readonly size: readonly number[];
  readonly chunk: readonly number[];
  /** Samples around a chunk that are looked at with it, per axis. */
  readonly reach: readonly number[];
}

/** Indices of the samples of a block of chunks, and of those around it that the grid has. */
export function spansOf({ start, size: count }: Block, { size, chunk, reach }: Cut): Spans {
  const [x, y, z] = size.map((n, axis) => {
    const low = start[axis] * chunk[axis];
    const end = Math.min(n, low + count[axis] * chunk[axis]);
    return { low: Math.max(0, low - reach[axis]), high: Math.min(n, end + reach[axis]) - 1 };
  });
  return [x, y, z];
}

/** Rows at most that the host adds up. */
const MOST_ROWS = 128;

/** Rows that are added up on the device to one for the host: as the grid says, and nothing else, for the last bits. */
export const groupOf = (rows: number): number => Math.ceil(rows / MOST_ROWS);
