import type {
  AffineMap,
  ContinuousMap,
  FieldMap,
  IndexMap,
  MapShape,
  Outside,
} from '../index-map.js';
import { affineMap, fieldMap, identityMap, pointsMap } from '../map/construct.js';
import { locateAll, outputIndices } from '../map/locate-all.js';
import { sequenceMap } from '../map/then.js';
import type { Samples } from '../run.js';
import { noise } from './trial-images.js';

/** Some maps of a shape, by name, for samples of an output and a source of about 8 voxels per axis. */
export function trialMaps(
  shape: MapShape,
  samples: Samples,
  dims: number,
): readonly (readonly [name: string, map: IndexMap])[] {
  switch (shape) {
    case 'affine':
      return trialAffines(dims);
    case 'field-1':
      return trialFields(1, dims);
    case 'field-3':
      return trialFields(3, dims);
    case 'sequence':
      return [
        ['two fields', sequenceMap([field(1, 'edge', dims), field(3, 'zero', dims)])],
        ['not folded', { kind: 'sequence', maps: [oblique(dims), field(1, 'buffer', dims)] }],
        ['one alone', { kind: 'sequence', maps: [oblique(dims)] }],
      ];
    case 'points':
      return [
        ['scattered points', scattered(samples, dims)],
        ['points that are no number', nowhere(samples, dims)],
      ];
    default:
      return shape satisfies never;
  }
}

function trialAffines(dims: number): readonly (readonly [string, AffineMap])[] {
  return [
    ['oblique', oblique(dims)],
    ['axis-aligned', diagonal([0.7, -1.3, 0.9], [0.21, 5.17, -1.3], dims)],
    ['axes permuted', permuted(dims)],
    ['identity', identityMap(dims)],
    ['half a voxel', diagonal([1, 1, 1], [0.5, -0.5, 1.5], dims)],
    ['far away', diagonal([1, -2, 1], [3e5, -7e4, 1e6], dims)],
    ['everything at one point', diagonal([0, 0, 0], [1.25, 2.5, 0.75], dims)],
  ];
}

/**
 * Rotated, scaled, sheared; leaves the source on several sides. Its offsets keep every voxel 1e-3 away from the cells' ends,
 * where the slope is of one side or the other.
 */
export const oblique = (dims: number): AffineMap =>
  dims === 2
    ? affineMap([0.83, 0.41, -1.3717, -0.52, 1.13, 1.7129])
    : affineMap([0.83, 0.41, -0.17, -1.3717, -0.52, 1.13, 0.31, 1.7129, 0.23, -0.19, 0.77, 0.4331]);

function diagonal(scales: readonly number[], offsets: readonly number[], dims: number): AffineMap {
  const rows = [0, 1, 2].slice(0, dims);
  return affineMap(
    rows.flatMap((r) => [...rows.map((c) => (c === r ? scales[r] : 0)), offsets[r]]),
  );
}

const permuted = (dims: number): AffineMap =>
  dims === 2 ? affineMap([0, 1, 0, -1, 0, 4]) : affineMap([0, 1, 0, 0, 0, 0, -1, 3, 1, 0, 0, 1]);

const OUTSIDES: readonly Outside[] = ['edge', 'zero', 'buffer'];

const trialFields = (order: 1 | 3, dims: number): readonly (readonly [string, FieldMap])[] =>
  OUTSIDES.map((outside) => [`field of order ${order}, ${outside}`, field(order, outside, dims)]);

/** A lattice of 4 to 6 control points per axis, moved by up to two voxels, under matrices of general position. */
function field(order: 1 | 3, outside: Outside, dims: number): FieldMap {
  const size = [5, 4, 6].slice(0, dims);
  const length = dims * size.reduce((n, s) => n * s, 1);
  const data = Float64Array.from({ length }, (_, i) => 4 * noise(i + order) - 2);
  const lookup = diagonal([0.55, 0.62, 0.71], [0.37, -0.21, 0.83], dims).matrix;
  const vectors = dims === 2 ? [1, 0.2, -0.1, 0.9] : [1, 0.2, 0, -0.1, 0.9, 0.1, 0, 0.3, 0.8];
  return fieldMap({
    matrix: oblique(dims).matrix,
    vectors,
    lookup,
    lattice: { size, order, outside, data },
  });
}

/** A smooth map that no shape lacks: as itself, or as the positions it gives the samples. */
export function sampledMap(
  map: ContinuousMap,
  shape: MapShape,
  samples: Samples,
  dims: number,
): IndexMap {
  return shape === 'points' ? pointsMap(locateAll(map, samples, dims)) : map;
}

/** Inside, about the edges, and as far away as float64 goes on counting. */
function scattered(samples: Samples, dims: number): IndexMap {
  const positions = outputIndices(samples, dims).slice();
  const spread = [9, 14, 40, 1e4, 1e9];
  for (let i = 0; i < positions.length; i++) {
    positions[i] = (noise(i) - 0.5) * spread[Math.floor(i / dims) % spread.length] + 3;
  }
  return pointsMap(positions);
}

/** Every other sample has a coordinate that is not finite. */
function nowhere(samples: Samples, dims: number): IndexMap {
  const positions = outputIndices(samples, dims).slice();
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n * dims < positions.length; n += 2) {
    positions[n * dims + (n % dims)] = odd[(n / 2) % odd.length];
  }
  return pointsMap(positions);
}
