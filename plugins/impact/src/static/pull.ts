import { type IndexMap, pullback } from '@voxhost/sdk';
import type { Part } from './parts.js';

/** Sums slopes by the mapped positions up to a derivative by the map's free parameters. */
export interface Pull {
  /** D planes of slopes, in moving index units; 0 at samples that do not count. */
  add(part: Part, slopes: Float64Array): void;
  /** Of a list of positions: by each position, 0 where the sample does not count. */
  readonly derivative: Float64Array;
}

/** Undefined for a map that has no derivative of its own. */
export function createPull(map: IndexMap, samples: number, dims: number): Pull | undefined {
  if (map.kind === 'sequence') return undefined;
  if (map.kind === 'points') return pullToPositions(samples, dims);
  const [derivative] = pullback(map, new Float64Array(0), new Float64Array(0));
  let cotangents = new Float64Array(0);
  return {
    derivative,
    add({ count, points }, slopes) {
      if (cotangents.length !== count * dims) cotangents = new Float64Array(count * dims);
      interleave(slopes, count, cotangents);
      pullback(map, points, cotangents, [derivative]);
    },
  };
}

function pullToPositions(samples: number, dims: number): Pull {
  const derivative = new Float64Array(samples * dims);
  return {
    derivative,
    add({ count, numbers = new Int32Array(0) }, slopes) {
      for (let i = 0; i < numbers.length; i++) {
        for (let a = 0; a < dims; a++) derivative[numbers[i] * dims + a] += slopes[a * count + i];
      }
    },
  };
}

function interleave(planes: Float64Array, count: number, into: Float64Array): void {
  const dims = into.length / count;
  for (let a = 0; a < dims; a++) {
    for (let n = 0; n < count; n++) into[n * dims + a] = planes[a * count + n];
  }
}
