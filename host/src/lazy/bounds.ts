import { type ContinuousMap, type FieldMap, type Interpolator, voxelCount } from '@voxhost/sdk';

/** A box of continuous indices, both ends included. */
export interface Bounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** All voxel centres of a size. */
export const wholeBounds = (size: readonly number[]): Bounds => ({
  low: size.map(() => 0),
  high: size.map((n) => n - 1),
});

/** A box that holds every image of `bounds`: tight for a matrix, a safe bound for fields. */
export function boundsThrough(map: ContinuousMap, bounds: Bounds): Bounds {
  switch (map.kind) {
    case 'affine':
      return boundsOfMatrix(map.matrix, bounds);
    case 'field':
      return boundsOfField(map, bounds);
    case 'sequence':
      return map.maps.reduce((box, member) => boundsThrough(member, box), bounds);
    default:
      return map satisfies never;
  }
}

function boundsOfMatrix(matrix: Float64Array, { low, high }: Bounds): Bounds {
  const dims = low.length;
  const end = (row: number, towards: 1 | -1): number =>
    low.reduce(
      (sum, l, c) => {
        const factor = matrix[row * (dims + 1) + c];
        return sum + factor * (factor * towards > 0 ? high[c] : l);
      },
      matrix[row * (dims + 1) + dims],
    );
  return { low: low.map((_, r) => end(r, -1)), high: low.map((_, r) => end(r, 1)) };
}

/** B-spline weights are positive and sum to one, so the field lies within its coefficients (and 0, outside). */
function boundsOfField({ matrix, vectors, lattice }: FieldMap, bounds: Bounds): Bounds {
  const dims = bounds.low.length;
  const count = voxelCount(lattice.size);
  const ranges = bounds.low.map((_, a) => rangeOf(lattice.data, a * count, (a + 1) * count));
  const box = boundsOfMatrix(matrix, bounds);
  const share = (row: number, towards: 1 | -1): number =>
    ranges.reduce((sum, [least, most], c) => {
      const factor = vectors[row * dims + c];
      return sum + factor * (factor * towards > 0 ? most : least);
    }, 0);
  return {
    low: box.low.map((v, r) => v + share(r, -1)),
    high: box.high.map((v, r) => v + share(r, 1)),
  };
}

/** Smallest and largest of 0 and the values from `start` to before `end`. */
function rangeOf(data: ArrayLike<number>, start: number, end: number): readonly [number, number] {
  let [least, most] = [0, 0];
  for (let i = start; i < end; i++) {
    least = Math.min(least, data[i]);
    most = Math.max(most, data[i]);
  }
  return [least, most];
}

/** How far a B-spline's prefilter carries a sample before it is below 1e-9 of itself (order 5: 0.43 per voxel). */
const PREFILTER_REACH = 25;

/** Voxels on either side of a position that its value depends on. */
export function kernelReach(interpolator: Interpolator): number {
  switch (interpolator) {
    case 'nearest':
    case 'nearest-even':
    case 'linear':
    case 'label-linear':
      return 1;
    case 'keys-0.5':
    case 'keys-0.75':
      return 2;
    case 'lanczos3':
    case 'bspline2-raw':
    case 'bspline3-raw':
    case 'bspline4-raw':
    case 'bspline5-raw':
      return 3;
    case 'bspline2':
    case 'bspline3':
    case 'bspline4':
    case 'bspline5':
      return PREFILTER_REACH;
    default:
      return interpolator satisfies never;
  }
}
