import type { Pixels } from '@voxhost/sdk';

/** One channel to copy voxel by voxel. */
export interface PlaneCopy {
  readonly data: Pixels;
  readonly into: Pixels;
  /** Where an index is outside. */
  readonly fill: number;
  /** Where the pixel types differ. */
  readonly convert?: (value: number) => number;
  /** What is left out, per output axis; default nothing. */
  readonly done?: readonly Stretch[];
}

/** Indices from `first` to before `end`. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
}

/** Per output axis, where each of its indices lies in the source; -1 is outside. */
export type Offsets = readonly Float64Array[];

/** Voxels of x taken together where neighbours lie along another axis, so that lines of memory are used whole. */
const BLOCK = 64;
/** A picture is one slice. */
const ONE_SLICE = new Float64Array(1);
const ALL: Stretch = { first: 0, end: Number.POSITIVE_INFINITY };
const NOTHING: readonly Stretch[] = [
  { first: 0, end: 0 },
  { first: 0, end: 0 },
];

/**
 * Copies through tables, for what no box reaches: beyond an edge, by strides, into another pixel type.
 *
 * @param nearest - output axis along which neighbours are neighbours in the source's memory
 */
export function gatherPlane(copy: PlaneCopy, offsets: Offsets, nearest: number): void {
  const [xs, ys, zs = ONE_SLICE] = offsets;
  const width = nearest === 0 ? xs.length : BLOCK;
  const [inner, outer] = nearest === 2 ? [zs, ys] : [ys, zs];
  for (const o of outer.keys()) {
    for (let first = 0; first < xs.length; first += width) {
      const stretch = { first, end: Math.min(first + width, xs.length) };
      for (const i of inner.keys()) {
        gatherRow(copy, offsets, nearest === 2 ? [o, i] : [i, o], stretch);
      }
    }
  }
}

/** What is not done of a stretch of the row at y, z. */
function gatherRow(
  copy: PlaneCopy,
  [xs, ys, zs = ONE_SLICE]: Offsets,
  [y, z]: readonly [number, number],
  { first, end }: Stretch,
): void {
  const row = {
    at: xs.length * (y + ys.length * z),
    from: ys[y] < 0 || zs[z] < 0 ? -1 : ys[y] + zs[z],
  };
  const [doneX, doneY, doneZ = ALL] = copy.done ?? NOTHING;
  if (!isWithin(y, doneY) || !isWithin(z, doneZ)) gather(copy, row, xs, { first, end });
  else {
    gather(copy, row, xs, { first, end: Math.min(end, doneX.first) });
    gather(copy, row, xs, { first: Math.max(first, doneX.end), end });
  }
}

interface Row {
  /** Where it begins in the target. */
  readonly at: number;
  /** Where index 0 of x lies in the source; -1 where all of the row is outside. */
  readonly from: number;
}

const isWithin = (i: number, { first, end }: Stretch): boolean => i >= first && i < end;

/** into[at + x] = data[from + xs[x]], converted, or the fill. */
function gather(
  { data, into, fill, convert }: PlaneCopy,
  { at, from }: Row,
  xs: Float64Array,
  { first, end }: Stretch,
): void {
  if (first >= end) return;
  if (from < 0) {
    into.fill(fill, at + first, at + end);
  } else if (convert !== undefined) {
    for (let x = first; x < end; x++) {
      into[at + x] = xs[x] < 0 ? fill : convert(data[from + xs[x]]);
    }
  } else {
    for (let x = first; x < end; x++) into[at + x] = xs[x] < 0 ? fill : data[from + xs[x]];
  }
}
