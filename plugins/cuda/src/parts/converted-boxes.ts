import { asVolume, filterExtension, type Resample } from '@voxhost/sdk';
import { FOLD } from '../parameters.js';
import type { Converted } from '../resample-rules.js';
import { samplingRules } from '../sampling-rules.js';
import type { Box, Stretch } from './box.js';
import { neededSamples } from './needed-samples.js';

/** Some of the samples that a source is converted to, counted with its margin. */
export interface ConvertedBox {
  readonly converted: Converted;
  readonly box: Box;
}

/** What is filtered for a box, and how the filter goes on beyond its ends, by axis. */
export interface FilterBox {
  readonly box: Box;
  readonly folds: readonly number[];
}

/**
 * Samples on either side, where lines are cut, whose filter's wrong beginning has decayed to 2^-60 of what it was,
 * less than float64 shows: by the poles of order 2 to 5, 0.172, 0.268, 0.361 and 0.431.
 */
const REACH_OF_ORDER = { 2: 24, 3: 32, 4: 41, 5: 50 } as const;

export function filterBox(operation: Resample, { converted, box }: ConvertedBox): FilterBox {
  const { order, size } = converted;
  const reach = order === undefined ? 0 : REACH_OF_ORDER[order];
  const fold = FOLD[filterExtension(operation.boundary.kind)];
  const axes = box.map((stretch, axis) => filterStretch(stretch, size[axis], reach, fold));
  const [x, y, z] = axes.map(({ first, count }) => ({ first, count }));
  return { box: [x, y, z], folds: axes.map((axis) => axis.fold) };
}

function filterStretch(
  { first, count }: Stretch,
  n: number,
  reach: number,
  fold: number,
): Stretch & { readonly fold: number } {
  if (fold === FOLD.periodic) {
    // A line that goes round has no end that could be cut at; it is cut where it is longer than what is asked.
    const wide = { first: first - reach, count: count + 2 * reach, fold: FOLD.mirror };
    return reach > 0 && wide.count < n ? wide : { first: 0, count: n, fold };
  }
  const from = Math.max(0, first - reach);
  const end = Math.min(n, first + count + reach);
  return { first: from, count: end - from, fold };
}

/** The pixels that a box is made of. */
export function pixelBox(operation: Resample, wanted: ConvertedBox): Box {
  const { interpolator, boundary, source } = operation;
  const { fold } = samplingRules(interpolator, boundary);
  const { margin } = wanted.converted;
  const size = asVolume(source.grid.size);
  const { box } = filterBox(operation, wanted);
  const [x, y, z] = box.map(({ first, count }, axis) => {
    const low = first - marginOn(axis, operation, margin);
    return neededSamples({ low, high: low + count - 1 }, size[axis], fold);
  });
  return [x, y, z];
}

/** A picture has no margin along z. */
export const marginOn = (axis: number, { source }: Resample, margin: number): number =>
  axis < source.grid.size.length ? margin : 0;
