import type { AffineMap, FieldMap, Lattice } from '@voxhost/sdk';
import type { IndexBox, IndexRange, Interval } from './index-box.js';

/** Values of each component of a lattice within a box, as far as they are finite. */
export interface LatticeValues {
  readonly components: readonly Interval[];
  readonly areFinite: boolean;
}

/** Where a part of the output looks under a map. */
export interface Gaze {
  /** Positions along each axis of the input. */
  readonly positions: readonly Interval[];
  /** Of each step, the control points that it reads; undefined for an affine. */
  readonly lattices: readonly (IndexBox | undefined)[];
}

/** Everything that indices within `start` may come to, applied step by step in interval arithmetic. Pure. */
export function gazeOf(
  steps: readonly (AffineMap | FieldMap)[],
  start: readonly Interval[],
  valuesOf: (lattice: Lattice, box: IndexBox) => LatticeValues,
): Gaze {
  let positions = start;
  let areFinite = true;
  const lattices = steps.map((step) => {
    const straight = transformed(step.matrix, positions, true);
    if (step.kind === 'affine') {
      positions = straight;
      return undefined;
    }
    const { lattice } = step;
    const at = transformed(step.lookup, positions, true);
    const box = lattice.size.map((n, axis) => controlPoints(at[axis], n, lattice.order, areFinite));
    const values = valuesOf(lattice, box);
    const isWorth0 = at.some((interval, axis) => leaves(interval, lattice, axis));
    const vectors = values.components.map((interval) => orZero(interval, isWorth0));
    const moved = transformed(step.vectors, vectors, false);
    positions = straight.map(({ low, high }, axis) => ({
      low: low + moved[axis].low,
      high: high + moved[axis].high,
    }));
    areFinite &&= values.areFinite;
    return box;
  });
  return { positions, lattices };
}

/** The image of a box under a row-major matrix, with a last column that is added where it has one. */
function transformed(
  matrix: Float64Array,
  box: readonly Interval[],
  isAffine: boolean,
): readonly Interval[] {
  const width = box.length + (isAffine ? 1 : 0);
  return box.map((_, row) => {
    let low = isAffine ? matrix[row * width + box.length] : 0;
    let high = low;
    for (let column = 0; column < box.length; column++) {
      const slope = matrix[row * width + column];
      if (slope === 0) continue;
      const interval = box[column];
      low += slope * (slope > 0 ? interval.low : interval.high);
      high += slope * (slope > 0 ? interval.high : interval.low);
    }
    return { low, high };
  });
}

/** Control points on either side of a position, and one for rounding, clamped; of positions without a number, all. */
function controlPoints(
  { low, high }: Interval,
  n: number,
  order: number,
  areFinite: boolean,
): IndexRange {
  if (!areFinite || !Number.isFinite(low) || !Number.isFinite(high)) return { first: 0, count: n };
  const reach = (order + 1) / 2 + 1;
  const first = Math.min(Math.max(Math.floor(low) - reach, 0), n - 1);
  const last = Math.max(Math.min(Math.floor(high) + reach, n - 1), 0);
  return { first, count: last - first + 1 };
}

/** May a lattice be worth nothing somewhere in an interval along an axis? */
function leaves({ low, high }: Interval, { size, order, outside }: Lattice, axis: number): boolean {
  if (outside === 'edge') return false;
  const lead = (order - 1) / 2;
  return !(low >= lead && high <= size[axis] - 1 - lead);
}

/** An interval without a value is one of zeros: nothing is sampled where the lattice is not finite. */
function orZero({ low, high }: Interval, isWorth0: boolean): Interval {
  if (low > high) return { low: 0, high: 0 };
  return isWorth0 ? { low: Math.min(low, 0), high: Math.max(high, 0) } : { low, high };
}
