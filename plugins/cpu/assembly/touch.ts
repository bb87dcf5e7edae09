import { JOB_SOURCE_TYPE } from '../src/job-layout';
import { bytesOf } from './sample';
import { clampBox, measureBox, sizeZ } from './stage';
import { isNear } from './tight-box';
import { touchRows } from './touch-rows';

/**
 * Brings what the voxels of a tile are nearest to under an affine to the cache, and leaves it where it is. False where that is too much.
 *
 * Left to the rows of the tile, which meet lines in another order than that of memory, each is waited for. To copy what is
 * looked at takes half as long again, for lines that are stored.
 */
export function touchNearest(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  if (!measureBox(job, x0, x1, y0, y1, z0, z1)) return false;
  clampBox(job);
  const bytes = bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  if (!isNear(job, scratch, bytes, 0, x0, x1, y0, y1, z0, z1)) return false;
  for (let k = 0; k < sizeZ; k++) touchRows(job, scratch, source, bytes, k);
  return true;
}
