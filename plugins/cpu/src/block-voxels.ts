import { type Block, voxelCount } from '@voxhost/sdk';

/** Output that is computed before it is copied to the caller: bounds the memory of a run. */
export const MOST_BLOCK_BYTES = 2 ** 26;
/**
 * Of a block: what is copied while it is still in a cache, or while others are computed. Smaller ones would cost more by the
 * message to a worker that each takes, some 60 microseconds.
 */
const BLOCK_BYTES = 2 ** 21;

/** Voxels of a block of an output of size `whole`, whose tiles are of size `tile`: at least 1. */
export function blockVoxels(
  whole: readonly number[],
  tile: readonly number[],
  bytesPerVoxel: number,
): number {
  const most = Math.max(1, Math.floor(MOST_BLOCK_BYTES / bytesPerVoxel));
  // Whole layers of tiles: a voxel of a part of a tile is dearer.
  const axis = Math.max(
    0,
    whole.findLastIndex((n) => n > 1),
  );
  const layer = voxelCount(whole.slice(0, axis)) * tile[axis];
  const layers = Math.max(1, Math.round(BLOCK_BYTES / (layer * bytesPerVoxel)));
  return Math.min(layers * layer, most);
}

/**
 * The same blocks, the first of several cut after one layer of tiles, if those are several: other threads wait until the
 * slices are there that it looks at. Affine-linear of 128 voxels each way took 0.95 of the time on two threads.
 */
export function withShortFirst(
  blocks: readonly Block[],
  tile: readonly number[],
): readonly Block[] {
  const [first, ...others] = blocks;
  const axis = first.size.findLastIndex((n) => n > 1);
  const { size, start } = first;
  const rest = size[axis] - tile[axis];
  const isOneTile = size.every((n, other) => other === axis || n <= tile[other]);
  if (others.length === 0 || isOneTile || !(rest > 0)) return blocks;
  return [
    { size: size.with(axis, tile[axis]), start },
    { size: size.with(axis, rest), start: start.with(axis, start[axis] + tile[axis]) },
    ...others,
  ];
}
