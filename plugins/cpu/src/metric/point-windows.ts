import { type IndexMap, VoxhostError } from '@voxhost/sdk';

/** Samples within the radius of points. */
export interface PointWindows {
  /** All that is around each point, whole voxels away, x fastest, one window after the other. */
  readonly points: Float64Array;
  /** Samples of a window; the middle one is its point. */
  readonly width: number;
}

/** Throws `BAD_ARGUMENT` for a points map, which says nothing of what is around. */
export function pointWindows(
  map: IndexMap,
  points: Float64Array,
  radius: readonly number[],
): PointWindows {
  if (map.kind === 'points') {
    const reason = 'is points, which say nothing of the neighbourhoods that this metric compares';
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
  }
  const dims = radius.length;
  const offsets = windowOffsets(radius);
  const around = new Float64Array((points.length / dims) * offsets.length);
  let at = 0;
  for (let first = 0; first < points.length; first += dims) {
    for (let k = 0; k < offsets.length; k++) around[at++] = points[first + (k % dims)] + offsets[k];
  }
  return { points: around, width: offsets.length / dims };
}

/** Every offset within the radius, D numbers each. */
function windowOffsets(radius: readonly number[]): readonly number[] {
  return radius
    .reduceRight<readonly (readonly number[])[]>(
      (outer, r) =>
        outer.flatMap((rest) => Array.from({ length: 2 * r + 1 }, (_, i) => [i - r, ...rest])),
      [[]],
    )
    .flat();
}
