import { VoxhostError } from '../errors.js';
import type { AffineMap, FieldMap, IndexMap } from '../index-map.js';
import { mapDimensions } from '../index-map.js';
import { parameterCount } from './evaluate.js';
import { followMember, type MemberFollower } from './follower.js';
import { applyTransposed } from './matrix.js';

/**
 * The derivative of Σ_n cotangents[n] · map(points[n]) by the free parameters of every member of the map,
 * first to last: one array for a single map, one per member of a sequence, which may be one that is not
 * folded. Of a points map, whose parameters are the values, it is the cotangents.
 *
 * @param points - x y z of each sample, in output index space
 * @param cotangents - as many numbers: by the mapped positions, in input index units
 * @throws `BAD_ARGUMENT` when the lengths differ or are no multiple of D
 */
export function pullback(
  map: IndexMap,
  points: Float64Array,
  cotangents: Float64Array,
): readonly Float64Array[] {
  requireSameLength(points, cotangents);
  if (map.kind === 'points') return [pulledToPositions(map.positions, cotangents)];
  const dims = mapDimensions(map);
  if (points.length % dims !== 0) {
    const reason = `has ${points.length} numbers, no multiple of ${dims}`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'points', reason });
  }
  if (map.kind === 'affine') return [pulledToMatrix(points, cotangents, dims)];
  const members = map.kind === 'sequence' ? map.maps : [map];
  const derivatives = members.map((member) => new Float64Array(parameterCount(member)));
  const trace = createTrace(members, dims);
  for (let at = 0; at < points.length; at += dims) {
    trace(points.subarray(at, at + dims), cotangents.subarray(at, at + dims), derivatives);
  }
  return derivatives;
}

/** ∂/∂A of Σ cotangent · A [x; 1] is Σ cotangent [x; 1]ᵀ. */
function pulledToMatrix(
  points: Float64Array,
  cotangents: Float64Array,
  dims: number,
): Float64Array {
  const derivative = new Float64Array(dims * (dims + 1));
  for (let at = 0; at < points.length; at += dims) {
    for (let r = 0; r < dims; r++) {
      const row = r * (dims + 1);
      const cotangent = cotangents[at + r];
      for (let c = 0; c < dims; c++) derivative[row + c] += cotangent * points[at + c];
      derivative[row + dims] += cotangent;
    }
  }
  return derivative;
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
