import { type IndexMap, outputIndices, type Samples } from '@voxhost/sdk';

/** Samples that follow each other in the output. */
export interface Chunk {
  readonly first: number;
  readonly count: number;
  readonly samples: Samples;
  /** The map of these samples: a points map has its part of the positions. */
  readonly map: IndexMap;
}

/** Cuts a run into chunks of at most `limit` samples, but never a row of a grid; `count` samples in all. */
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

type Grid = Exclude<Samples, { points: Float64Array }>;

/** Whole planes while they fit, else rows, plane by plane. */
function gridChunks(map: IndexMap, { size, start }: Grid, limit: number): readonly Chunk[] {
  const from = start ?? size.map(() => 0);
  const dims = size.length;
  const plane = size[0] * size[1];
  if (dims === 2 || plane > limit) {
    const planes = Array.from({ length: size[2] ?? 1 }, (_, z) => ({
      size: [size[0], size[1], ...(dims === 3 ? [1] : [])],
      start: [from[0], from[1], ...(dims === 3 ? [from[2] + z] : [])],
      first: z * plane,
    }));
    return planes.flatMap((one) => slabs(map, one, { axis: 1, unit: size[0], limit }));
  }
  return slabs(map, { size, start: from, first: 0 }, { axis: 2, unit: plane, limit });
}

interface Block {
  readonly size: readonly number[];
  readonly start: readonly number[];
  readonly first: number;
}

/** Cuts a block along its outermost axis, of which one step has `unit` samples. */
function slabs(
  map: IndexMap,
  { size, start, first }: Block,
  { axis, unit, limit }: { readonly axis: number; readonly unit: number; readonly limit: number },
): readonly Chunk[] {
  const step = Math.max(1, Math.floor(limit / unit));
  return Array.from({ length: Math.ceil(size[axis] / step) }, (_, k) => {
    const at = k * step;
    const length = Math.min(step, size[axis] - at);
    const part = { size: size.with(axis, length), start: start.with(axis, start[axis] + at) };
    return { first: first + at * unit, count: length * unit, samples: part, map };
  });
}
