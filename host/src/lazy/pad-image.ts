import {
  allocatePixels,
  type Boundary,
  createImage,
  type Grid,
  type Image,
  type Pixels,
  requireGrid,
  toPixelValue,
  voxelCount,
} from '@voxhost/sdk';
import { having, numbers, object, requireArgument, text } from '@voxhost/sdk/arguments';
import { requireImage } from '../request-rules.js';
import { copyExact } from './copy-exact.js';
import { allocateOutput } from './execute-sampling.js';

/** A statistic of each line along the padded axis, as NumPy's `pad` has it. */
export type PadStatistic = 'maximum' | 'mean' | 'minimum';

/** What a pad puts around: an extension of the samples, or a statistic of each line. */
export type PadFill = Boundary | { readonly kind: PadStatistic };

/** How many voxels of the output lie before the first of the source, and the output's grid. */
export interface PadPlacement {
  readonly before: readonly number[];
  readonly output: Grid;
}

const isStatistic = (fill: PadFill): fill is { readonly kind: PadStatistic } =>
  fill.kind === 'maximum' || fill.kind === 'mean' || fill.kind === 'minimum';

/**
 * The source inside a larger buffer, bit by bit, with `fill` around. Statistics are taken axis by axis, x
 * first, of the source's own stretch of each line; axes already padded count in full. A mean is rounded
 * half to even in integer types.
 */
export function padImage(source: Image, placement: PadPlacement, fill: PadFill): Image {
  requireImage('source', source);
  requireArgument('placement', placement, having({ before: numbers, output: object }));
  requireArgument('fill', fill, having({ kind: text }));
  const { before, output } = placement;
  requireGrid(output);
  const { pixelType, channels } = source;
  const into = allocateOutput(pixelType, channels, output.size);
  const boundary: Boundary = isStatistic(fill) ? { kind: 'grid-constant', value: 0 } : fill;
  const rules = before.map((n, axis) => ({ axis, step: 1, shift: 0 - n }));
  copyExact(source, rules, { size: output.size, boundary, pixelType }, into);
  if (isStatistic(fill)) {
    for (const axis of before.keys()) fillAxis(into, { source, placement, axis }, fill.kind);
  }
  return createImage(output, into, channels);
}

interface AxisFill {
  readonly source: Image;
  readonly placement: PadPlacement;
  readonly axis: number;
}

function fillAxis(into: Pixels, where: AxisFill, statistic: PadStatistic): void {
  const { source, placement, axis } = where;
  const { size } = placement.output;
  const stride = voxelCount(size.slice(0, axis));
  const first = placement.before[axis];
  const last = first + source.grid.size[axis];
  const line = allocatePixels('float64', last - first);
  for (const start of lineStarts(where)) {
    for (let i = first; i < last; i++) line[i - first] = into[start + i * stride];
    const value = toPixelValue(REDUCE[statistic](line), source.pixelType);
    for (let i = 0; i < first; i++) into[start + i * stride] = value;
    for (let i = last; i < size[axis]; i++) into[start + i * stride] = value;
  }
}

/** Offset of the first voxel of every line along the axis: earlier axes in full, later ones inside the source. */
function lineStarts({ source, placement, axis }: AxisFill): readonly number[] {
  const { size } = placement.output;
  const plane = voxelCount(size);
  let starts = Array.from({ length: source.channels }, (_, c) => c * plane);
  for (const [a, n] of size.entries()) {
    if (a === axis) continue;
    const from = a < axis ? 0 : placement.before[a];
    const count = a < axis ? n : source.grid.size[a];
    const stride = voxelCount(size.slice(0, a));
    starts = starts.flatMap((start) =>
      Array.from({ length: count }, (_, i) => start + (from + i) * stride),
    );
  }
  return starts;
}

const REDUCE: { readonly [S in PadStatistic]: (line: Float64Array) => number } = {
  maximum: (line) => line.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  minimum: (line) => line.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  mean: (line) => line.reduce((a, b) => a + b, 0) / line.length,
};
