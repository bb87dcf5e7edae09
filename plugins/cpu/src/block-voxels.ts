import { voxelCount } from '@voxhost/sdk';

/** Output that is computed before it is copied to the caller: bounds the memory of a run. */
export const MOST_BLOCK_BYTES = 2 ** 26;
/**
 * Where a block is copied to the caller while others are computed: small, so that little is left to copy at the end. Smaller
 * ones cost more by the message that each takes, some 60 microseconds.
 */
const SHARED_BLOCK_BYTES = 2 ** 21;

/** Voxels of a block of an output of size `whole`, whose tiles are of size `tile`: at least 1. */
export function blockVoxels(
  whole: readonly number[],
  tile: readonly number[],
  { bytesPerVoxel, areShared }: { readonly bytesPerVoxel: number; readonly areShared: boolean },
): number {
  const most = Math.max(1, Math.floor(MOST_BLOCK_BYTES / bytesPerVoxel));
  if (!areShared) return most;
  // Whole layers of tiles: a voxel of a part of a tile is dearer.
  const axis = Math.max(
    0,
    whole.findLastIndex((n) => n > 1),
  );
  const layer = voxelCount(whole.slice(0, axis)) * tile[axis];
  const layers = Math.max(1, Math.round(SHARED_BLOCK_BYTES / (layer * bytesPerVoxel)));
  return Math.min(layers * layer, most);
}
