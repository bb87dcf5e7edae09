import {
  blockOffset,
  type IndexMap,
  outputIndices,
  planBlocks,
  type Samples,
  voxelCount,
} from '@voxhost/sdk';

/** Samples that follow each other in the output. */
export interface Chunk {
  readonly first: number;
  readonly count: number;
  readonly samples: Samples;
  /** The map of these samples: a points map has its part of the positions. */
  readonly map: IndexMap;
}

/** Cuts a run of `count` samples into chunks of at most `limit`. */
export function planChunks(
  map: IndexMap,
  samples: Samples,
  { count, dims, limit }: { readonly count: number; readonly dims: number; readonly limit: number },
): readonly Chunk[] {
  if (!('points' in samples) && map.kind !== 'points') return gridChunks(map, samples, limit);
  // A points map says where its samples lie; the grid that it goes with adds nothing but their number.
  const points = 'points' in samples ? samples.points : outputIndices(samples, dims);
  return Array.from({ length: Math.ceil(count / limit) }, (_, at) => {
    const first = at * limit;
    const length = Math.min(limit, count - first);
    const part = (all: Float64Array) => all.subarray(first * dims, (first + length) * dims);
    return {
      first,
      count: length,
      samples: { points: part(points) },
      map: map.kind === 'points' ? { kind: 'points', positions: part(map.positions) } : map,
    };
  });
}

/** Blocks of the grid. */
function gridChunks(
  map: IndexMap,
  { size, start }: Exclude<Samples, { points: Float64Array }>,
  limit: number,
): readonly Chunk[] {
  return planBlocks(size, limit).map((block) => {
    const at = block.start.map((n, axis) => n + (start?.[axis] ?? 0));
    return {
      first: blockOffset(block, size),
      count: voxelCount(block.size),
      samples: { size: block.size, start: at },
      map,
    };
  });
}
