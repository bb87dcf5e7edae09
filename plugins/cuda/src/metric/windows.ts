import { asVolume, type IndexMap, type MetricShape, VoxhostError } from '@voxhost/sdk';

/** The neighbourhoods that a metric compares. */
export interface Windows {
  /** Voxels on either side per axis, of the windows about the samples of a grid; 0 where every sample is alone. */
  readonly radius: readonly number[];
  /** Samples from one window of a list to the next; 1 on a grid. */
  readonly stride: number;
}

/** What a run samples, and its neighbourhoods. */
export type Neighbourhoods = MetricShape & { readonly windows: Windows };

/**
 * On the grid the samples themselves, within the radius; of points all that is around each, whole voxels away, one
 * window after the other. Throws `BAD_ARGUMENT` for a points map of points, which says nothing of what is around.
 *
 * @param radius - voxels on either side per axis; undefined: every sample is alone
 */
export function neighbourhoodsOf(
  shape: MetricShape,
  map: IndexMap,
  radius: readonly number[] | undefined,
): Neighbourhoods {
  const { samples, count } = shape;
  if (radius === undefined) return { ...shape, windows: { radius: [0, 0, 0], stride: 1 } };
  if ('size' in samples) {
    const within = asVolume(samples.size).map((n, axis) => Math.min(radius[axis] ?? 0, n - 1));
    return { ...shape, windows: { radius: within, stride: 1 } };
  }
  if (map.kind === 'points') {
    const reason = 'is points, which say nothing of the neighbourhoods that this metric compares';
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
  }
  const stride = radius.reduce((n, r) => n * (2 * r + 1), 1);
  const points = around(samples.points, radius, stride);
  return { samples: { points }, count: stride * count, windows: { radius: [0, 0, 0], stride } };
}

/** `stride` points about each: all within the radius, x fastest. */
function around(points: Float64Array, radius: readonly number[], stride: number): Float64Array {
  const dims = radius.length;
  const all = new Float64Array(points.length * stride);
  for (let sample = 0; sample < all.length / dims; sample++) {
    const first = Math.floor(sample / stride) * dims;
    let rest = sample % stride;
    for (const [axis, r] of radius.entries()) {
      const width = 2 * r + 1;
      all[sample * dims + axis] = points[first + axis] + ((rest % width) - r);
      rest = Math.floor(rest / width);
    }
  }
  return all;
}
