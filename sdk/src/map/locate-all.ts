import { isDetached, isListThat, isObject, reading } from '../arguments/rule.js';
import { VoxhostError } from '../errors.js';
import { isExtent, voxelCount } from '../grid.js';
import type { IndexMap } from '../index-map.js';
import { allocatePixels, pixelTypeOf } from '../pixel-type.js';
import type { Samples } from '../run.js';
import { show } from '../show.js';
import { follow } from './follower.js';
import { requireMap } from './map-problem.js';

/** Writes what belongs to the n-th sample of a run, D numbers. */
export type PerSample = (sample: number, into: Float64Array) => void;

/**
 * Where every sample of a run lies in the input: x y z of each, samples in the order of the output, x
 * fastest. Each is evaluated at its absolute output index, so a block has the bits of its part of the whole.
 * Throws `BAD_ARGUMENT` for a map or samples that do not fit `dims` or each other.
 */
export function locateAll(map: IndexMap, samples: Samples, dims: number): Float64Array {
  requireMap(map, dims);
  if (map.kind === 'affine') {
    const all = outputIndices(samples, dims);
    moveAll(map.matrix, all, dims);
    return all;
  }
  const count = sampleCount(samples, dims);
  const perSample = samplePositions(map, samples, dims);
  const all = allocatePixels('float64', count * dims);
  const one = new Float64Array(dims);
  for (let sample = 0; sample < count; sample++) {
    perSample(sample, one);
    for (let a = 0; a < dims; a++) all[sample * dims + a] = one[a];
  }
  return all;
}

/** Output index of every sample of a run, x y z of each. Throws `BAD_ARGUMENT`. */
export function outputIndices(samples: Samples, dims: number): Float64Array {
  const count = sampleCount(samples, dims);
  if ('points' in samples) return samples.points.slice();
  const { size, start = size.map(() => 0) } = samples;
  const all = allocatePixels('float64', count * dims);
  let pitch = 1;
  for (let a = 0; a < dims; a++) {
    let along = 0;
    for (let n = 0; n < count; n += pitch) {
      for (let k = n; k < n + pitch; k++) all[k * dims + a] = start[a] + along;
      along = along + 1 === size[a] ? 0 : along + 1;
    }
    pitch *= size[a];
  }
  return all;
}

/** Replaces every point by its image under an affine, summed in the order of `applyAffine`. */
function moveAll(m: Float64Array, all: Float64Array, dims: number): void {
  const [a, b, c, d, e, f] = m;
  if (dims === 2) {
    for (let at = 0; at < all.length; at += 2) {
      const x = all[at];
      const y = all[at + 1];
      all[at] = 0 + a * x + b * y + c;
      all[at + 1] = 0 + d * x + e * y + f;
    }
    return;
  }
  const [g, h, i, j, k, l] = m.subarray(6);
  for (let at = 0; at < all.length; at += 3) {
    const x = all[at];
    const y = all[at + 1];
    const z = all[at + 2];
    all[at] = 0 + a * x + b * y + c * z + d;
    all[at + 1] = 0 + e * x + f * y + g * z + h;
    all[at + 2] = 0 + i * x + j * y + k * z + l;
  }
}

/** The same as `locateAll`, one sample at a time. */
export function samplePositions(map: IndexMap, samples: Samples, dims: number): PerSample {
  requireMap(map, dims);
  const count = sampleCount(samples, dims);
  if (map.kind === 'points') return givenPositions(map.positions, count, dims);
  const { locate } = follow(map);
  const indexOf = sampleIndices(samples, dims);
  const index = new Float64Array(dims);
  return (sample, into) => {
    indexOf(sample, index);
    locate(index, into);
  };
}

/** Number of samples of a run. Throws `BAD_ARGUMENT` for samples that do not fit `dims`. */
export function sampleCount(samples: Samples, dims: number): number {
  const reason = reading('samples', () => samplesProblem(samples, dims));
  if (reason !== undefined) throw new VoxhostError('BAD_ARGUMENT', { argument: 'samples', reason });
  return 'points' in samples ? samples.points.length / dims : voxelCount(samples.size);
}

function samplesProblem(samples: Samples, dims: number): string | undefined {
  if (!isObject(samples)) return `is ${show(samples)}, no samples`;
  if ('points' in samples) {
    if (pixelTypeOf(samples.points) !== 'float64') return 'has points that are no Float64Array';
    const { length } = samples.points;
    if (length === 0 && isDetached(samples.points)) return 'has points whose memory was given away';
    return length % dims === 0 ? undefined : `has ${length} numbers, no multiple of ${dims}`;
  }
  const { size, start } = samples;
  if (!isListThat(size, isExtent) || size.length !== dims) {
    return `has size ${show(size)}, not ${dims} whole numbers of at least 1`;
  }
  if (start === undefined) return undefined;
  if (isListThat(start, Number.isSafeInteger) && start.length === dims) return undefined;
  return `has start ${show(start)}, not ${dims} whole numbers`;
}

/** The same as `outputIndices`, one sample at a time; the samples are checked. */
export function sampleIndices(samples: Samples, dims: number): PerSample {
  if ('points' in samples) return (sample, into) => copyRow(samples.points, sample, into);
  const { size, start = size.map(() => 0) } = samples;
  return (sample, into) => {
    let rest = sample;
    for (let a = 0; a < dims; a++) {
      const along = rest % size[a];
      into[a] = start[a] + along;
      rest = (rest - along) / size[a];
    }
  };
}

function givenPositions(positions: Float64Array, count: number, dims: number): PerSample {
  if (positions.length === count * dims) {
    return (sample, into) => copyRow(positions, sample, into);
  }
  const reason = `has ${positions.length / dims} positions for ${count} samples`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
}

function copyRow(rows: Float64Array, row: number, into: Float64Array): void {
  for (let a = 0; a < into.length; a++) into[a] = rows[row * into.length + a];
}
