import type { Block, IndexMap } from '@voxhost/sdk';
import { FOLD_CLAMP, FOLD_FILL, FOLD_PERIODIC, LIMIT_NONE } from './job-layout.js';
import type { SamplingRules } from './sampling-rules.js';

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
  rules: SamplingRules,
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
  return fold(Math.floor(low) - REACH, Math.ceil(high) + REACH, slices, rules);
}

/** Slices that indices low to high of the extended source are. */
function fold(
  low: number,
  high: number,
  slices: number,
  { fold: kind, limit, wrap }: SamplingRules,
): SliceWindow {
  const last = slices - 1;
  const isWithin = low >= 0 && high <= last;
  const ends = limit !== LIMIT_NONE || kind === FOLD_CLAMP || kind === FOLD_FILL;
  if (!isWithin && !ends && (wrap === 1 || kind === FOLD_PERIODIC))
    return { first: 0, count: slices };
  // What lies beyond an end is the end itself, or reflected there; a limit has no samples beyond but a kernel's reach.
  const from = ends ? low : Math.min(low, high > last ? 2 * last - high : low);
  const to = ends ? high : Math.max(high, low < 0 ? -low : high);
  const first = Math.min(Math.max(from - (ends ? REACH : 0), 0), last);
  const end = Math.max(Math.min(to + (ends ? REACH : 0), last), first);
  return { first, count: end - first + 1 };
}
