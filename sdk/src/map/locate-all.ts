import { VoxhostError } from '../errors.js';
import { voxelCount } from '../grid.js';
import type { IndexMap } from '../index-map.js';
import { pixelTypeOf } from '../pixel-type.js';
import type { Samples } from '../run.js';
import { follow } from './follower.js';
import { requireMap } from './map-problem.js';

/**
 * Where every sample of a run lies in the input: x y z of each, samples in the order of the output, x
 * fastest. Each is evaluated at its absolute output index, so a block has the bits of its part of the whole.
 * Throws `BAD_ARGUMENT` for a map or samples that do not fit `dims` or each other.
 */
export function locateAll(map: IndexMap, samples: Samples, dims: number): Float64Array {
  requireMap(map, dims);
  const outputs = outputIndices(samples, dims);
  if (map.kind === 'points') return positionsFor(map.positions, outputs.length, dims);
  const { locate } = follow(map);
  const positions = new Float64Array(outputs.length);
  for (let at = 0; at < outputs.length; at += dims) {
    locate(outputs.subarray(at, at + dims), positions.subarray(at, at + dims));
  }
  return positions;
}

/** Number of samples of a run. Throws `BAD_ARGUMENT` for samples that do not fit `dims`. */
export function sampleCount(samples: Samples, dims: number): number {
  const reason = samplesProblem(samples, dims);
  if (reason !== undefined) throw new VoxhostError('BAD_ARGUMENT', { argument: 'samples', reason });
  return 'points' in samples ? samples.points.length / dims : voxelCount(samples.size);
}

function samplesProblem(samples: Samples, dims: number): string | undefined {
  if ('points' in samples) {
    if (pixelTypeOf(samples.points) !== 'float64') return 'has points that are no Float64Array';
    const { length } = samples.points;
    return length % dims === 0 ? undefined : `has ${length} numbers, no multiple of ${dims}`;
  }
  const { size, start } = samples;
  if (size.length !== dims || !size.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    return `has size [${size}], not ${dims} whole numbers of at least 0`;
  }
  if (start === undefined) return undefined;
  if (start.length === dims && start.every(Number.isSafeInteger)) return undefined;
  return `has start [${start}], not ${dims} whole numbers`;
}

/** Output index of every sample; the caller's own array when the samples are points. */
export function outputIndices(samples: Samples, dims: number): Float64Array {
  const count = sampleCount(samples, dims);
  if ('points' in samples) return samples.points;
  const { size, start } = samples;
  const indices = new Float64Array(count * dims);
  const index = new Float64Array(dims);
  for (let n = 0; n < count; n++) {
    for (let a = 0; a < dims; a++) indices[n * dims + a] = index[a] + (start?.[a] ?? 0);
    step(index, size);
  }
  return indices;
}

function step(index: Float64Array, size: readonly number[]): void {
  for (let a = 0; a < size.length; a++) {
    index[a] += 1;
    if (index[a] < size[a]) return;
    index[a] = 0;
  }
}

function positionsFor(positions: Float64Array, length: number, dims: number): Float64Array {
  if (positions.length === length) return positions.slice();
  const reason = `has ${positions.length / dims} positions for ${length / dims} samples`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
}
