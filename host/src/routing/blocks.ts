import {
  allocatePixels,
  type IndexMap,
  type Pixels,
  type Resample,
  type Resampled,
  type ResampleRun,
  type Samples,
  sampleCount,
} from '@voxhost/sdk';
import { outputLength } from '../loading/process/output-length.js';

/** Consecutive samples of a run, in the order of its output. */
export interface Block {
  readonly samples: Samples;
  /** Samples of the run before this block. */
  readonly offset: number;
  readonly count: number;
}

/**
 * Cuts the samples of a run in `dims` dimensions into blocks of at most `most`, at least 1, each of which is one
 * stretch of every plane of the output.
 */
export function* blocksOf(samples: Samples, dims: number, most: number): Generator<Block> {
  if (!('points' in samples)) return yield* gridBlocks(samples, most);
  const { points } = samples;
  for (let offset = 0; offset * dims < points.length; offset += most) {
    const some = points.subarray(offset * dims, (offset + most) * dims);
    yield { samples: { points: some }, offset, count: some.length / dims };
  }
}

/** As many whole fast axes as fit, a part of the next, and one index of every slower axis. */
function* gridBlocks(grid: Exclude<Samples, { points: unknown }>, most: number): Generator<Block> {
  const { size, start = size.map(() => 0) } = grid;
  const sizeOf = (axis: number) => size[axis] as number;
  let [cut, inner] = [0, 1];
  while (cut < size.length - 1 && inner * sizeOf(cut) <= most) inner *= sizeOf(cut++);
  const step = Math.max(1, Math.floor(most / inner));
  let offset = 0;
  for (const slower of indices(size.slice(cut + 1))) {
    for (let at = 0; at < sizeOf(cut); at += step) {
      const part = Math.min(step, sizeOf(cut) - at);
      const block = size.map((n, axis) => (axis < cut ? n : axis === cut ? part : 1));
      const from = [...size.slice(0, cut).map(() => 0), at, ...slower];
      const samples = { size: block, start: start.map((s, axis) => s + (from[axis] ?? 0)) };
      yield { samples, offset, count: inner * part };
      offset += inner * part;
    }
  }
}

/** Every index of a grid of this size, x fastest. */
function* indices(size: readonly number[]): Generator<readonly number[]> {
  const count = size.reduce((product, n) => product * n, 1);
  for (let linear = 0; linear < count; linear++) {
    let rest = linear;
    yield size.map((n) => {
      const index = rest % n;
      rest = (rest - index) / n;
      return index;
    });
  }
}

/** The run of one block, as the backend is asked for it. */
type RunBlock = (map: IndexMap, run: ResampleRun) => Promise<Resampled>;

/** Runs block by block and puts the planes together; progress is told over all of them. */
export async function runInBlocks(
  operation: Resample,
  { map, run, most }: { readonly map: IndexMap; readonly run: ResampleRun; readonly most: number },
  runBlock: RunBlock,
): Promise<Resampled> {
  const dims = operation.source.grid.size.length;
  const count = sampleCount(run.samples, dims);
  const length = outputLength(operation, run);
  const { samples, into, progress, ...options } = run;
  const data = into ?? allocatePixels(operation.pixelType, length);
  for (const block of blocksOf(samples, dims, most)) {
    const tell = (fraction: number) => progress?.((block.offset + fraction * block.count) / count);
    const asked = { ...options, samples: block.samples, ...(progress && { progress: tell }) };
    const piece = await runBlock(mapOf(map, block, dims), asked);
    putPlanes(data, piece.data, { ...block, length: count });
  }
  return { data };
}

/** Positions are one per sample; any other map holds for all. */
function mapOf(map: IndexMap, { offset, count }: Block, dims: number): IndexMap {
  if (map.kind !== 'points') return map;
  return { ...map, positions: map.positions.subarray(offset * dims, (offset + count) * dims) };
}

function putPlanes(
  whole: Pixels,
  piece: Pixels,
  { offset, count, length }: { offset: number; count: number; length: number },
): void {
  for (let plane = 0; plane * length < whole.length; plane++)
    whole.set(piece.subarray(plane * count, (plane + 1) * count), plane * length + offset);
}
