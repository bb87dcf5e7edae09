import {
  type AffineMap,
  affineMap,
  createGrid,
  type Grid,
  invertAffine,
  requireGrid,
  then,
} from '@voxhost/sdk';
import { numbers, requireArgument } from '@voxhost/sdk/arguments';
import { indexToPoint } from './physical-maps.js';

/**
 * The map that resamples a shear away: index of `output` -> index of a volume whose true index -> physical affine
 * is `affine` (LPS, row-major D × (D+1)), which no grid can hold.
 */
export function unshearMap(affine: ArrayLike<number>, output: Grid): AffineMap {
  const map = then(indexToPoint(output), invertAffine(affineMap(affine)));
  if (map.kind !== 'affine') throw new TypeError('two affines fold into one');
  return map;
}

/**
 * A grid that covers a sheared volume: the perpendicular axes and spacing of `nearest`, and so many voxels that
 * the centre of every voxel of the volume is inside.
 *
 * @param nearest - size of the volume, spacing and axes to take
 */
export function unshearedGrid(affine: ArrayLike<number>, nearest: Grid): Grid {
  requireGrid(nearest);
  requireArgument('affine', affine, numbers);
  const dims = nearest.size.length;
  const corners = cornersOf(nearest.size).map((corner) => {
    const point = nearest.origin.map((_, r) => rowAt(affine, dims, r, corner));
    return toAxes(point, nearest);
  });
  const low = nearest.size.map((_, a) => Math.min(...corners.map((c) => c[a])));
  const high = nearest.size.map((_, a) => Math.max(...corners.map((c) => c[a])));
  const size = low.map((l, a) => Math.ceil((high[a] - l) / nearest.spacing[a] - WHOLE) + 1);
  const { spacing, direction } = nearest;
  const origin = low.map((_, r) => low.reduce((sum, l, a) => sum + direction[r * dims + a] * l, 0));
  return createGrid({ size, spacing, origin, direction });
}

/** Part of a voxel that rounding may add without adding a voxel. */
const WHOLE = 1e-6;

const rowAt = (m: ArrayLike<number>, dims: number, r: number, x: readonly number[]): number =>
  x.reduce((sum, v, c) => sum + m[r * (dims + 1) + c] * v, m[r * (dims + 1) + dims]);

/** Millimetres along the grid's axes from the physical point 0. */
const toAxes = (point: readonly number[], { direction }: Grid): number[] =>
  point.map((_, a) => point.reduce((sum, v, r) => sum + direction[r * point.length + a] * v, 0));

function cornersOf(size: readonly number[]): number[][] {
  return size.reduce<number[][]>(
    (corners, n) =>
      corners.flatMap((corner) => [
        [...corner, 0],
        [...corner, n - 1],
      ]),
    [[]],
  );
}
