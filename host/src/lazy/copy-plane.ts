import type { Pixels } from '@voxhost/sdk';

/** One channel to copy. */
export interface PlaneCopy {
  readonly data: Pixels;
  readonly into: Pixels;
  /** Where an index is outside. */
  readonly fill: number;
  /** Where the pixel types differ. */
  readonly convert?: (value: number) => number;
}

/** Per output axis, where each of its indices lies in the source; -1 is outside. */
export type Offsets = readonly Float64Array[];

/** Voxels of x taken together where neighbours lie along another axis, so that lines of memory are used whole. */
const BLOCK = 64;

/** @param nearest - output axis along which neighbours are neighbours in the source's memory */
export function copyPlane(copy: PlaneCopy, offsets: Offsets, nearest: number): void {
  if (nearest === 0) copyRows(copy, offsets);
  else copyBlocks(copy, offsets, nearest);
}

/** A picture is one slice. */
const ONE_SLICE = new Float64Array(1);

/** Row by row: the longest stretch that runs as the source does at once, the rest one by one. */
function copyRows(copy: PlaneCopy, [xs, ys, zs = ONE_SLICE]: Offsets): void {
  const { data, into, fill } = copy;
  const [first, last] = copy.convert === undefined ? longestRun(xs) : [0, 0];
  const head = { xs, begin: 0, end: first };
  const tail = { xs, begin: last, end: xs.length };
  let at = 0;
  for (const z of zs) {
    for (const y of ys) {
      const from = z + y;
      if (z < 0 || y < 0) into.fill(fill, at, at + xs.length);
      else {
        gather(copy, from, at, head);
        if (last > first) {
          const start = from + xs[first];
          into.set(data.subarray(start, start + last - first), at + first);
        }
        gather(copy, from, at, tail);
      }
      at += xs.length;
    }
  }
}

/** Blocks of x, and inside them along the axis of neighbours. */
function copyBlocks(copy: PlaneCopy, [xs, ys, zs = ONE_SLICE]: Offsets, nearest: number): void {
  const plane = xs.length * ys.length;
  const [inner, outer] = nearest === 1 ? [ys, zs] : [zs, ys];
  const [innerStep, outerStep] = nearest === 1 ? [xs.length, plane] : [plane, xs.length];
  for (const [o, far] of outer.entries()) {
    for (let begin = 0; begin < xs.length; begin += BLOCK) {
      const stretch = { xs, begin, end: Math.min(begin + BLOCK, xs.length) };
      for (let i = 0; i < inner.length; i++) {
        const at = o * outerStep + i * innerStep;
        if (far < 0 || inner[i] < 0) copy.into.fill(copy.fill, at + begin, at + stretch.end);
        else gather(copy, far + inner[i], at, stretch);
      }
    }
  }
}

interface Stretch {
  readonly xs: Float64Array;
  readonly begin: number;
  readonly end: number;
}

/** into[at + x] = data[from + xs[x]], converted, or the fill. */
function gather(copy: PlaneCopy, from: number, at: number, { xs, begin, end }: Stretch): void {
  const { data, into, fill, convert } = copy;
  if (convert !== undefined) {
    for (let x = begin; x < end; x++) {
      into[at + x] = xs[x] < 0 ? fill : convert(data[from + xs[x]]);
    }
    return;
  }
  for (let x = begin; x < end; x++) {
    const offset = xs[x];
    into[at + x] = offset < 0 ? fill : data[from + offset];
  }
}

/** The longest stretch of neighbours that are neighbours in the source too: [first, last). */
function longestRun(xs: Float64Array): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  let first = 0;
  for (let x = 1; x <= xs.length; x++) {
    const breaks = x === xs.length || xs[x] !== xs[x - 1] + 1 || xs[x - 1] === -1;
    if (!breaks) continue;
    if (x - first > best[1] - best[0] && xs[first] !== -1) best = [first, x];
    first = x;
  }
  return best;
}
