import { VoxhostError } from '../errors.js';
import {
  type AffineMap,
  type FieldMap,
  type IndexMap,
  mapDimensions,
  mapMembers,
} from '../index-map.js';
import { applyTransposed } from '../matrix.js';
import { parameterCount } from './evaluate.js';
import { followMember, type MemberFollower } from './follower.js';

/**
 * The derivative of Σ_n cotangents[n] · map(points[n]) by the free parameters of every member of the map,
 * first to last: one array for a single map, one per member of a sequence, which may be one that is not
 * folded. Of a points map, whose parameters are the values, it is the cotangents.
 *
 * @param points - x y z of each sample, in output index space
 * @param cotangents - as many numbers: by the mapped positions, in input index units
 * @param into - what an earlier call answered for this map, to which this one adds; of no use to a points map
 * @throws `BAD_ARGUMENT` when the lengths differ or are no multiple of D
 */
export function pullback(
  map: IndexMap,
  points: Float64Array,
  cotangents: Float64Array,
  into?: readonly Float64Array[],
): readonly Float64Array[] {
  requireSameLength(points, cotangents);
  if (map.kind === 'points') return [pulledToPositions(map.positions, cotangents)];
  const dims = mapDimensions(map);
  if (points.length % dims !== 0) {
    const reason = `has ${points.length} numbers, no multiple of ${dims}`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'points', reason });
  }
  const members = mapMembers(map);
  const derivatives = into ?? members.map((member) => new Float64Array(parameterCount(member)));
  if (map.kind === 'affine') {
    pullToMatrix(points, cotangents, derivatives[0]);
    return derivatives;
  }
  const trace = createTrace(members, dims);
  for (let at = 0; at < points.length; at += dims) {
    trace(points.subarray(at, at + dims), cotangents.subarray(at, at + dims), derivatives);
  }
  return derivatives;
}

/** ∂/∂A of Σ cotangent · A [x; 1] is Σ cotangent [x; 1]ᵀ. */
function pullToMatrix(points: Float64Array, cotangents: Float64Array, into: Float64Array): void {
  const dims = into.length === 6 ? 2 : 3;
  for (let r = 0; r < dims; r++) {
    const [byX, byY, byZ, sum] = rowOf(points, cotangents, r, dims);
    const moments = dims === 2 ? [byX, byY, sum] : [byX, byY, byZ, sum];
    for (const [c, moment] of moments.entries()) into[r * (dims + 1) + c] += moment;
  }
}

/** Σ cotangent · x, y, z and 1, along one axis. */
function rowOf(points: Float64Array, cotangents: Float64Array, axis: number, dims: number) {
  let byX = 0;
  let byY = 0;
  let byZ = 0;
  let sum = 0;
  for (let at = 0; at < points.length; at += dims) {
    const cotangent = cotangents[at + axis];
    byX += cotangent * points[at];
    byY += cotangent * points[at + 1];
    if (dims === 3) byZ += cotangent * points[at + 2];
    sum += cotangent;
  }
  return [byX, byY, byZ, sum] as const;
}

type Trace = (
  point: Float64Array,
  cotangent: Float64Array,
  derivatives: readonly Float64Array[],
) => void;

/** Follows one sample through all members, then its cotangent back through their Jacobians. */
function createTrace(maps: readonly (AffineMap | FieldMap)[], dims: number): Trace {
  const members: readonly MemberFollower[] = maps.map(followMember);
  const stations = maps.map(() => new Float64Array(dims));
  const end = new Float64Array(dims);
  const derivative = new Float64Array(dims * dims);
  const carried = new Float64Array(dims);
  const next = new Float64Array(dims);
  return (point, cotangent, derivatives) => {
    for (let m = 0; m < members.length; m++) {
      if (m === 0) stations[0].set(point);
      members[m].locate(stations[m], stations[m + 1] ?? end);
    }
    carried.set(cotangent);
    for (let m = members.length - 1; m >= 0; m--) {
      members[m].accumulate(stations[m], carried, derivatives[m]);
      if (m === 0) break;
      members[m].differentiate(stations[m], derivative);
      applyTransposed(derivative, carried, next);
      carried.set(next);
    }
  };
}

function pulledToPositions(positions: Float64Array, cotangents: Float64Array): Float64Array {
  requireSameLength(positions, cotangents);
  return cotangents.slice();
}

function requireSameLength(points: Float64Array, cotangents: Float64Array): void {
  if (points.length === cotangents.length) return;
  const reason = `has ${cotangents.length} numbers where the points have ${points.length}`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'cotangents', reason });
}
