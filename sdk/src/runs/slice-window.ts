import type { BoundaryKind } from '../boundary.js';
import type { IndexMap } from '../index-map.js';
import type { Block } from './plan-blocks.js';

/** Slices of a source that a block of output looks at. */
export interface SliceWindow {
  readonly first: number;
  readonly count: number;
}

/** Taps of the widest kernel on either side of a position, and one for rounding. */
const REACH = 4;

/** The window of a block under a map, `start` being its absolute output index; all slices for a map that is no affine. */
export function sliceWindow(
  map: IndexMap,
  { size, start }: Block,
  slices: number,
  boundary: BoundaryKind,
): SliceWindow {
  const all = { first: 0, count: slices };
  if (map.kind !== 'affine' || map.matrix.length !== 12) return all;
  const [mx, my, mz, offset] = map.matrix.subarray(8);
  let low = offset;
  let high = offset;
  for (const [axis, slope] of [mx, my, mz].entries()) {
    const ends = [slope * start[axis], slope * (start[axis] + size[axis] - 1)];
    low += Math.min(...ends);
    high += Math.max(...ends);
  }
  return fold(Math.floor(low) - REACH, Math.ceil(high) + REACH, slices, boundary);
}

/** Boundaries by which nothing beyond an end is looked at but the end itself, or what a kernel reaches from within. */
const ENDS: readonly BoundaryKind[] = ['constant', 'buffer', 'nearest', 'grid-constant'];

/** Slices that indices low to high of the extended source are. */
function fold(low: number, high: number, slices: number, boundary: BoundaryKind): SliceWindow {
  const last = slices - 1;
  const isWithin = low >= 0 && high <= last;
  const isPeriodic = boundary === 'wrap' || boundary === 'grid-wrap';
  if (!isWithin && isPeriodic) return { first: 0, count: slices };
  const ends = ENDS.includes(boundary);
  // What lies beyond an end is the end itself, or reflected there.
  const from = ends ? low : Math.min(low, high > last ? 2 * last - high : low);
  const to = ends ? high : Math.max(high, low < 0 ? -low : high);
  const first = Math.min(Math.max(from - (ends ? REACH : 0), 0), last);
  const end = Math.max(Math.min(to + (ends ? REACH : 0), last), first);
  return { first, count: end - first + 1 };
}
