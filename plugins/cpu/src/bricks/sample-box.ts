import { FOLD_CLAMP, FOLD_FILL, FOLD_MIRROR, FOLD_PERIODIC, LIMIT_NONE } from '../job-layout.js';
import type { SamplingRules } from '../sampling-rules.js';
import { type IndexRange, type Interval, modulo } from './index-box.js';

/** Taps of the widest kernel on either side of a position, and one for rounding. */
const REACH = 4;
/** Positions nearer than this to the seam of SciPy's wrap may be taken to either side of it, by rounding or by its rule. */
const SEAM = 1e-6;

/** An axis of samples: how many are in memory's index space, and which of them are the image's own. */
export interface SampleAxis {
  /** Padding included. */
  readonly count: number;
  /** Samples of padding on either side. */
  readonly margin: number;
}

/** The samples along an axis that a part of the output looks at. */
export interface SampleRange extends IndexRange {
  /**
   * Are they all that kernels may touch when they copy what lies around them? Else they need tables, by which what is not
   * there is nowhere.
   */
  readonly isPlain: boolean;
}

/** The samples that any kernel reads for positions of an interval, which are those of the padded samples. Pure. */
export function samplesOf(
  { low, high }: Interval,
  axis: SampleAxis,
  { limit, fold, wrap }: SamplingRules,
): SampleRange {
  const n = axis.count;
  if (!(low <= high)) return { first: 0, count: n, isPlain: true };
  // Nothing is sampled outside.
  const [least, most] =
    limit === LIMIT_NONE ? [-Infinity, Infinity] : [axis.margin - 1, n - axis.margin];
  const from = Math.floor(Math.min(Math.max(low, least), most)) - REACH;
  const to = Math.ceil(Math.min(Math.max(high, least), most)) + REACH;
  const folded = foldedRange(from, to, n, fold);
  const isWrapped = wrap === 1 && (low < SEAM || high > n - 1 - SEAM);
  const range = isWrapped ? samplesOfWrapped({ low, high }, n) : folded;
  const touched = [folded, foldedRange(from, to, n, FOLD_CLAMP)];
  return { ...range, isPlain: touched.every((other) => contains(range, other)) };
}

/** Within an axis: a range that goes round its end contains none but is the whole of it. */
const contains = (range: IndexRange, { first, count }: IndexRange): boolean =>
  range.first >= 0 && range.first <= first && first + count <= range.first + range.count;

/** The samples that indices from..to of an axis of n samples are, extended by FOLD_*; all of them where they are not finite. */
export function foldedRange(from: number, to: number, n: number, fold: number): IndexRange {
  const last = n - 1;
  if (from >= 0 && to <= last) return between(from, to);
  if (fold === FOLD_CLAMP || fold === FOLD_FILL) {
    return between(Math.min(Math.max(from, 0), last), Math.min(Math.max(to, 0), last));
  }
  const period = fold === FOLD_PERIODIC ? n : fold === FOLD_MIRROR ? 2 * n - 2 : 2 * n;
  if (!(to - from + 1 < period)) return between(0, last);
  const start = modulo(from, period);
  const end = start + to - from;
  if (fold === FOLD_PERIODIC)
    return end <= last ? between(start, end) : between(start - n, end - n);
  const ends = [start, end].map((i) => reflected(i, n, period));
  const turnsAtLast = start <= last || end >= period + last;
  return between(
    end >= period ? 0 : Math.min(...ends),
    turnsAtLast && end >= last ? last : Math.max(...ends),
  );
}

/** The sample at an index of an axis that turns back at its ends. */
function reflected(i: number, n: number, period: number): number {
  const rest = modulo(i, period);
  return rest < n ? rest : period - rest - (period === 2 * n ? 1 : 0);
}

/** SciPy's wrap: a position moves by whole periods of n - 1, and kernels reach beyond the ends by mirroring. */
function samplesOfWrapped({ low, high }: Interval, n: number): IndexRange {
  const period = n - 1;
  const all = between(0, n - 1);
  if (!(high - low < period)) return all;
  let start = modulo(low, period);
  if (start < SEAM) start += period;
  const end = start + high - low;
  if (end < period - SEAM) {
    return foldedRange(Math.floor(start) - REACH, Math.ceil(end) + REACH, n, FOLD_MIRROR);
  }
  // Both ends of the axis, which are neighbours where indices go round.
  const first = Math.max(0, Math.floor(Math.min(start, period)) - REACH);
  const beyond = Math.min(n - 1, Math.max(0, Math.ceil(end - period)) + REACH);
  return first <= beyond + 1 ? all : between(first - n, beyond);
}

const between = (first: number, last: number): IndexRange => ({ first, count: last - first + 1 });
