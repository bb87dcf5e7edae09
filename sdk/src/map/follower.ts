import { type AffineMap, type ContinuousMap, type FieldMap, mapDimensions } from '../index-map.js';
import { applyAffine, applyTransposed, linearPart } from '../matrix.js';
import { createStencil } from './stencil.js';

/** A map with buffers of its own, to be followed at many points without allocating. */
export interface Follower {
  readonly dims: number;
  /** The map's value at `point`; `into` must not be `point`. */
  locate(point: ArrayLike<number>, into: Float64Array): void;
}

/** The same of a map that has free parameters and a derivative of its own. */
export interface MemberFollower extends Follower {
  /** Row-major D × D derivative of the value by the point. */
  differentiate(point: ArrayLike<number>, into: Float64Array): void;
  /** Adds the derivative of `cotangent · value(point)` by the free parameters. */
  accumulate(point: ArrayLike<number>, cotangent: ArrayLike<number>, into: Float64Array): void;
}

/** Of one member of a sequence. */
export function followMember(map: AffineMap | FieldMap): MemberFollower {
  return map.kind === 'affine' ? followAffine(map) : followField(map);
}

/** Of any map that has a value everywhere. */
export function follow(map: ContinuousMap): Follower {
  if (map.kind !== 'sequence') return followMember(map);
  const members = map.maps.map(followMember);
  const dims = mapDimensions(map);
  const from = new Float64Array(dims);
  return {
    dims,
    locate(point, into) {
      for (let a = 0; a < dims; a++) into[a] = point[a];
      for (const member of members) {
        from.set(into);
        member.locate(from, into);
      }
    },
  };
}

function followAffine({ matrix }: AffineMap): MemberFollower {
  const dims = matrix.length === 6 ? 2 : 3;
  const linear = linearPart(matrix, dims);
  return {
    dims,
    locate: (point, into) => applyAffine(matrix, point, into),
    differentiate: (_point, into) => into.set(linear),
    accumulate(point, cotangent, into) {
      for (let r = 0; r < dims; r++) {
        for (let c = 0; c < dims; c++) into[r * (dims + 1) + c] += cotangent[r] * point[c];
        into[r * (dims + 1) + dims] += cotangent[r];
      }
    },
  };
}

/** The lattice of a field about a point: where its taps lie, and weighted sums over them. */
function tapsOf({ lookup, lattice }: FieldMap) {
  const { data } = lattice;
  const stencil = createStencil(lattice);
  const { plane, offsets } = stencil;
  const position = new Float64Array(lattice.size.length);
  /** Moves to an output index; gives the number of taps there. */
  const tapsAt = (point: ArrayLike<number>, wanted: 'weights' | 'slopes'): number => {
    applyAffine(lookup, point, position);
    return stencil.moveTo(position, wanted);
  };
  const weigh = (component: number, by: Float64Array, count: number): number => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += by[k] * data[component * plane + offsets[k]];
    return sum;
  };
  return { stencil, tapsAt, weigh };
}

function followField(field: FieldMap): MemberFollower {
  const { matrix, vectors, lookup, lattice } = field;
  const dims = lattice.size.length;
  const { stencil, tapsAt, weigh } = tapsOf(field);
  const { plane, offsets, weights, slopes } = stencil;
  const linear = linearPart(matrix, dims);
  const lookupLinear = linearPart(lookup, dims);
  const vector = new Float64Array(dims);
  const row = new Float64Array(dims);
  return {
    dims,
    locate(point, into) {
      const count = tapsAt(point, 'weights');
      for (let d = 0; d < dims; d++) vector[d] = weigh(d, weights, count);
      applyAffine(matrix, point, into);
      for (let r = 0; r < dims; r++) {
        for (let d = 0; d < dims; d++) into[r] += vectors[r * dims + d] * vector[d];
      }
    },
    /** A + B · (∂u/∂lattice index) · L */
    differentiate(point, into) {
      const count = tapsAt(point, 'slopes');
      into.set(linear);
      for (let d = 0; d < dims; d++) {
        for (let a = 0; a < dims; a++) vector[a] = weigh(d, slopes[a], count);
        applyTransposed(lookupLinear, vector, row);
        for (let r = 0; r < dims; r++) {
          for (let c = 0; c < dims; c++) into[r * dims + c] += vectors[r * dims + d] * row[c];
        }
      }
    },
    accumulate(point, cotangent, into) {
      const count = tapsAt(point, 'weights');
      applyTransposed(vectors, cotangent, vector);
      for (let d = 0; d < dims; d++) {
        for (let k = 0; k < count; k++) into[d * plane + offsets[k]] += vector[d] * weights[k];
      }
    },
  };
}
