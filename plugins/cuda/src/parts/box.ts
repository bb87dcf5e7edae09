/** Continuous indices along an axis, both ends included. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Neighbouring samples along an axis. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
}

/** Per axis x, y, z. */
export type Spans = readonly [Span, Span, Span];
export type Box = readonly [Stretch, Stretch, Stretch];

export const wholeBox = ([x, y, z]: readonly number[]): Box => [
  { first: 0, count: x },
  { first: 0, count: y },
  { first: 0, count: z },
];

export const boxVolume = (box: Box): number => box.reduce((n, { count }) => n * count, 1);

export const countsOf = (box: Box): readonly number[] => box.map(({ count }) => count);

export const isWhole = (box: Box, size: readonly number[]): boolean =>
  box.every(({ first, count }, axis) => first === 0 && count === size[axis]);

/** Where the values of a box lie that is stored by itself: strides, and the place of index 0 0 0, which may not be there. */
export function placeBox(
  box: Box,
  bytes: number,
): { readonly rowStride: number; readonly sliceStride: number; readonly offset: number } {
  const [x, y, z] = box;
  const rowStride = x.count;
  const sliceStride = x.count * y.count;
  const offset = -bytes * (x.first + y.first * rowStride + z.first * sliceStride);
  return { rowStride, sliceStride, offset };
}
