import {
  type AffineMap,
  affineMap,
  type FieldMap,
  type IndexMap,
  locateAll,
  type Metric,
  outputIndices,
  planBlocks,
  type Samples,
  then,
} from '@voxhost/sdk';
import { flagOutside } from '../sampling/masks.js';

/** What a resampler is asked. */
export interface Question {
  readonly map: IndexMap;
  readonly samples: Samples;
}

/** Samples of a run that are looked at together. */
export interface Part {
  readonly count: number;
  /** Output index of each, x y z. */
  readonly points: Float64Array;
  /** Stretches of those that count: the first, one past the last, the first of the next, ... */
  readonly stretches: readonly number[];
  /** How many count. */
  readonly valid: number;
  /** Numbers of the samples in the run, where they are not counted on; absent in a grid. */
  readonly numbers?: Int32Array;
  /** Where maps with so many features per voxel along each axis are looked at. */
  readonly fixed: (ratio: readonly number[]) => Question;
  readonly moving: (ratio: readonly number[]) => Question;
}

export interface Parts {
  readonly count: number;
  /** Made when it is asked for: parts are not held together. */
  readonly part: (k: number) => Part;
  /** All samples of the run, valid or not. */
  readonly samples: number;
}

/**
 * The parts of a run, of at most so many samples. Every voxel is looked at block by block, under a map that has a formula,
 * which a resampler follows faster than a list of positions; what is listed, all at once if it is not too much.
 */
export function planParts(
  operation: Metric,
  { map, points }: { readonly map: IndexMap; readonly points: Float64Array | undefined },
  most: number,
): Parts {
  if (points === undefined && (map.kind === 'affine' || map.kind === 'field')) {
    return gridParts(operation, map, most);
  }
  const samples = points === undefined ? { size: operation.fixed.grid.size } : { points };
  return listParts(operation, { map, samples }, most);
}

/** Which samples are inside the fixed mask, the moving buffer and the moving mask: 1, and others 0. */
function validFlags(
  { fixed, moving, fixedMask, movingMask }: Metric,
  points: Float64Array,
  positions: Float64Array,
): Uint8Array {
  const flags = new Uint8Array(points.length / fixed.grid.size.length).fill(1);
  if (fixedMask) flagOutside(points, fixed.grid.size, fixedMask, flags);
  flagOutside(positions, moving.grid.size, movingMask, flags);
  return flags;
}

/** First of each run of ones, and one past its last. */
function stretchesOf(flags: Uint8Array): readonly number[] {
  const stretches: number[] = [];
  for (let from = flags.indexOf(1); from >= 0; ) {
    const end = flags.indexOf(0, from);
    if (end < 0) return [...stretches, from, flags.length];
    stretches.push(from, end);
    from = flags.indexOf(1, end);
  }
  return stretches;
}

function gridParts(operation: Metric, map: AffineMap | FieldMap, most: number): Parts {
  const { size } = operation.fixed.grid;
  const dims = size.length;
  const blocks = planBlocks(size, most);
  return {
    count: blocks.length,
    samples: size.reduce((n, s) => n * s, 1),
    part(k) {
      const samples = blocks[k];
      const points = outputIndices(samples, dims);
      const positions = locateAll(map, samples, dims);
      const stretches = stretchesOf(validFlags(operation, points, positions));
      const valid = stretches.reduce((sum, n, i) => sum + (i % 2 === 0 ? -n : n), 0);
      return {
        ...{ count: points.length / dims, points, stretches, valid },
        fixed: (ratio) => ({ map: scaling(ratio), samples }),
        moving: (ratio) => ({ map: then(map, scaling(ratio)), samples }),
      };
    },
  };
}

function listParts(operation: Metric, { map, samples }: Question, most: number): Parts {
  const dims = operation.fixed.grid.size.length;
  const points = outputIndices(samples, dims);
  const positions = locateAll(map, samples, dims);
  const flags = validFlags(operation, points, positions);
  const numbers = Int32Array.from(flags.keys()).filter((n) => flags[n] === 1);
  const count = Math.ceil(numbers.length / most);
  const each = Math.ceil(numbers.length / count);
  return {
    count,
    samples: points.length / dims,
    part(k) {
      const own = numbers.subarray(k * each, (k + 1) * each);
      const ownPoints = chosen(points, own, dims);
      const ownPositions = chosen(positions, own, dims);
      return {
        ...{ count: own.length, valid: own.length, numbers: own, stretches: [0, own.length] },
        points: ownPoints,
        fixed: (ratio) => ({ map: scaling(ratio), samples: { points: ownPoints } }),
        moving: (ratio) => ({ map: scaling(ratio), samples: { points: ownPositions } }),
      };
    },
  };
}

function chosen(all: Float64Array, numbers: Int32Array, dims: number): Float64Array {
  const part = new Float64Array(numbers.length * dims);
  for (let i = 0; i < numbers.length; i++) {
    for (let a = 0; a < dims; a++) part[i * dims + a] = all[numbers[i] * dims + a];
  }
  return part;
}

function scaling(ratio: readonly number[]): AffineMap {
  const dims = ratio.length;
  const matrix = new Float64Array(dims * (dims + 1));
  for (const [a, factor] of ratio.entries()) matrix[a * (dims + 2)] = factor;
  return affineMap(matrix);
}
