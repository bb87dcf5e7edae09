/** Real numbers along one axis, ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Indices along one axis: so many from `first` on. */
export interface IndexRange {
  readonly first: number;
  readonly count: number;
}

/** What is looked at along one axis of n samples, x first; where an axis is periodic a range may begin before 0 or end past n. */
export type IndexBox = readonly IndexRange[];

export const boxCount = (box: IndexBox): number => box.reduce((n, { count }) => n * count, 1);

export const wholeBox = (size: readonly number[]): IndexBox =>
  size.map((count) => ({ first: 0, count }));

/** Are all indices those of samples themselves? Else a range goes round the end of its axis. */
export const isWithin = (box: IndexBox, size: readonly number[]): boolean =>
  box.every(({ first, count }, axis) => first >= 0 && first + count <= size[axis]);

/** The remainder that is never negative, not even -0. */
export function modulo(i: number, n: number): number {
  const rest = i % n;
  return rest < 0 ? rest + n : rest + 0;
}
