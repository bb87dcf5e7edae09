import { voxelCount } from '../grid.js';
import type { Lattice, Outside } from '../index-map.js';

/**
 * The control points that a lattice's value at one position depends on.
 *
 * u_d(position) = Σ_k weights[k] · data[d · plane + offsets[k]], over the first `count` taps;
 * ∂u_d/∂position_a = Σ_k slopes[a][k] · data[d · plane + offsets[k]].
 */
export interface Stencil {
  /** Coefficients per component. */
  readonly plane: number;
  readonly offsets: Float64Array;
  readonly weights: Float64Array;
  readonly slopes: readonly Float64Array[];
  /**
   * Moves the stencil; returns how many taps it has there, 0 where the lattice is worth nothing. Slopes are
   * those of before unless they are wanted.
   */
  moveTo(position: Float64Array, wanted: 'weights' | 'slopes'): number;
}

/** Taps of one axis: index, weight, and derivative of the weight by the position. */
interface AxisTaps {
  readonly index: Float64Array;
  readonly weight: Float64Array;
  readonly slope: Float64Array;
}

/** A stencil of order + 1 taps per axis, with buffers of its own. */
export function createStencil(lattice: Lattice): Stencil {
  const { size, order, outside } = lattice;
  const dims = size.length;
  const support = order + 1;
  const capacity = support ** dims;
  const axes = size.map((): AxisTaps => axisTaps(support));
  const offsets = new Float64Array(capacity);
  const weights = new Float64Array(capacity);
  const slopes = size.map(() => new Float64Array(capacity));
  const products = { weights: [weights], slopes: [weights, ...slopes] };
  const moveTo: Stencil['moveTo'] = (position, wanted) => {
    for (let a = 0; a < dims; a++) {
      fillWeights(axes[a], position[a], size[a], order);
      if (!settleIndices(axes[a], position[a], size[a], outside)) return 0;
    }
    return combine(axes, size, { offsets, products: products[wanted] });
  };
  return { plane: voxelCount(size), offsets, weights, slopes, moveTo };
}

const axisTaps = (support: number): AxisTaps => ({
  index: new Float64Array(support),
  weight: new Float64Array(support),
  slope: new Float64Array(support),
});

/** Weights of the piece in the cell floor(x); the last cell is closed, so x = n-1 belongs to the cell before it. */
function fillWeights(taps: AxisTaps, x: number, n: number, order: 1 | 3): void {
  const cell = x === n - 1 && n > 1 ? n - 2 : Math.floor(x);
  const t = x - cell;
  if (order === 1) linearWeights(taps, cell, t);
  else cubicWeights(taps, cell, t);
}

function linearWeights({ index, weight, slope }: AxisTaps, cell: number, t: number): void {
  index[0] = cell;
  index[1] = cell + 1;
  weight[0] = 1 - t;
  weight[1] = t;
  slope[0] = -1;
  slope[1] = 1;
}

/** The uniform cubic B-spline, (1-t)³/6, (3t³-6t²+4)/6, (-3t³+3t²+3t+1)/6, t³/6, on taps cell-1 to cell+2. */
function cubicWeights({ index, weight, slope }: AxisTaps, cell: number, t: number): void {
  for (let k = 0; k < 4; k++) index[k] = cell - 1 + k;
  const s = 1 - t;
  weight[0] = (s * s * s) / 6;
  weight[1] = (t * t * (3 * t - 6) + 4) / 6;
  weight[2] = (s * s * (3 * s - 6) + 4) / 6;
  weight[3] = (t * t * t) / 6;
  slope[0] = (-s * s) / 2;
  slope[1] = (t * (3 * t - 4)) / 2;
  slope[2] = (-s * (3 * s - 4)) / 2;
  slope[3] = (t * t) / 2;
}

/** Brings the taps onto the lattice; false where the lattice is worth 0. */
function settleIndices(taps: AxisTaps, x: number, n: number, outside: Outside): boolean {
  const { index, weight } = taps;
  if (outside === 'buffer' && !(x >= -0.5 && x < n - 0.5)) return false;
  for (let k = 0; k < index.length; k++) {
    if (index[k] >= 0 && index[k] < n) continue;
    if (outside === 'zero' && weight[k] !== 0) return false;
    index[k] = Math.min(Math.max(index[k], 0), n - 1);
  }
  return true;
}

/**
 * The tensor product of the axes' taps, x fastest: `products` are the weights, then the slopes by each axis.
 * Returns the number of taps.
 */
function combine(
  axes: readonly AxisTaps[],
  size: readonly number[],
  { offsets, products }: { offsets: Float64Array; products: readonly Float64Array[] },
): number {
  let count = 1;
  let stride = 1;
  offsets[0] = 0;
  for (const product of products) product[0] = 1;
  for (const [a, { index, weight, slope }] of axes.entries()) {
    spread(offsets, count, (k, before) => before + index[k] * stride, index.length);
    for (const [p, product] of products.entries()) {
      const factor = p === a + 1 ? slope : weight;
      spread(product, count, (k, before) => before * factor[k], index.length);
    }
    count *= index.length;
    stride *= size[a];
  }
  return count;
}

/** Replaces the first `count` values by one such run per tap. */
function spread(
  values: Float64Array,
  count: number,
  at: (tap: number, before: number) => number,
  taps: number,
): void {
  // The last tap first: the values it reads are overwritten by tap 0 only.
  for (let k = taps - 1; k >= 0; k--) {
    for (let j = 0; j < count; j++) values[k * count + j] = at(k, values[j]);
  }
}
