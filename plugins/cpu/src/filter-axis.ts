import { filterExtension, type Resample } from '@voxhost/sdk';
import type { IndexRange } from './bricks/index-box.js';
import type { Engine } from './engine.js';
import { holdOn } from './held.js';
import * as layout from './job-layout.js';
import type { JobOptions } from './pool.js';
import { FOLD } from './sampling-rules.js';

/** Samples that become coefficients where they lie, one channel after the other. */
export interface Filtered {
  readonly address: number;
  /** x, y, z. */
  readonly size: readonly number[];
  readonly channels: number;
  readonly isWide: boolean;
  readonly order: number;
}

/** Bundles of a tile, but no more than leave some tiles for each thread. */
const MOST_GROUP = 8;
const LEAST_TILES = 32;

/**
 * Filters all lines along an axis, which go on before and past their ends as `folds` says, FOLD_*.
 *
 * @returns whether they are finite, and so were the samples; false as well for lines of one sample, which are left alone
 */
export async function filterAxis(
  { heap, pool }: Engine,
  { address, size, channels, isWide, order }: Filtered,
  { axis, folds }: { readonly axis: number; readonly folds: readonly number[] },
  options: Pick<JobOptions, 'signal' | 'series'>,
): Promise<boolean> {
  using held = holdOn(heap);
  const job = held.allocate(layout.FILTER_BYTES);
  const [x, y, z] = size;
  const across = Math.ceil(x / layout.FILTER_LINES);
  const rows = Math.ceil((y * z * channels) / layout.FILTER_LINES);
  const bundles = [rows, across * z * channels, across * y * channels][axis];
  const group = Math.min(MOST_GROUP, Math.ceil(bundles / LEAST_TILES));
  const tiles = Math.ceil(bundles / group);
  const words = [0, 0, tiles, address, isWide ? 1 : 0, x, y, z, channels, axis, order, ...folds];
  const view = new Int32Array(heap.memory.buffer, job, layout.FILTER_BYTES / 4);
  view.set([...words, 0, bundles, group]);
  await pool.execute(job, { ...options, kernel: 'filter' });
  const odd = new Int32Array(heap.memory.buffer, job + layout.FILTER_ODD, 1);
  return size[axis] > 1 && Atomics.load(odd, 0) === 0;
}

/** How lines go on before and past a range of an axis of n: as the boundary says, and in any way where they are cut. */
export function lineEnds(
  { boundary }: Resample,
  { first, count }: IndexRange,
  n: number,
): readonly number[] {
  const fold = FOLD[filterExtension(boundary.kind)];
  if (fold === layout.FOLD_PERIODIC) {
    return count === n ? [fold, fold] : [layout.FOLD_MIRROR, layout.FOLD_MIRROR];
  }
  return [first === 0, first + count === n].map((ends) => (ends ? fold : layout.FOLD_MIRROR));
}
