import { FOLD } from '../parameters.js';
import type { Span, Stretch } from './box.js';

/**
 * Samples, of an axis of n, that stand at the whole indices within a span of the axis as it goes on beyond both ends: these
 * and maybe some between them; at least one.
 *
 * @param fold - of the kernels' FOLD
 */
export function neededSamples({ low, high }: Span, n: number, fold: number): Stretch {
  const from = Math.floor(low);
  const to = Math.ceil(high);
  const last = n - 1;
  if (from >= 0 && to <= last) return stretch(from, to);
  if (!(Number.isFinite(from) && Number.isFinite(to))) return stretch(0, last);
  switch (fold) {
    case FOLD.periodic:
      return ofPeriod(from, to, n);
    case FOLD.mirror:
    case FOLD.reflect:
      return ofReflections(from, to, last);
    default:
      return stretch(clamp(from, last), clamp(to, last));
  }
}

const stretch = (from: number, to: number): Stretch => ({ first: from, count: to - from + 1 });

const clamp = (index: number, last: number): number => Math.min(Math.max(index, 0), last);

/** Within one period, moved into the samples; else all of them. */
function ofPeriod(from: number, to: number, n: number): Stretch {
  const periods = Math.floor(from / n);
  return Math.floor(to / n) === periods
    ? stretch(from - periods * n, to - periods * n)
    : stretch(0, n - 1);
}

/** What is beyond an end by less than a period lies before it by as much, or by one sample less. */
function ofReflections(from: number, to: number, last: number): Stretch {
  if (from < -last || to > 2 * last) return stretch(0, last);
  const first = Math.min(from, to > last ? 2 * last - to : last);
  const end = Math.max(to, from < 0 ? -from : 0);
  return stretch(clamp(first, last), clamp(end, last));
}
