import { JOB_PLANE, JOB_ROW, JOB_SOURCE_TYPE } from '../src/job-layout';
import { reachOf } from './reach';
import { bytesOf } from './sample';
import { boxX, boxY, boxZ, clampBox, measureBox, sizeY, sizeZ } from './stage';
import { isNear } from './tight-box';

const LINE_BYTES: usize = 64;

/**
 * Brings what the voxels of a tile are nearest to under an affine to the cache, and leaves it where it is. False where that is too much.
 *
 * Limited by memory: one load for each cache line, in its order, so that many are under way at once, and those that come next
 * are foreseen. Left to the rows of the tile, which meet lines in another order, each is waited for. To copy what is
 * looked at takes half as long again, for lines that are stored.
 */
export function touchNearest(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  if (!measureBox(job, x0, x1, y0, y1, z0, z1)) return false;
  clampBox(job);
  const bytes = bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  if (!isNear(job, scratch, bytes, 0, x0, x1, y0, y1, z0, z1)) return false;
  const row = load<usize>(job, JOB_ROW) * bytes;
  const plane = load<usize>(job, JOB_PLANE) * bytes;
  for (let k = 0; k < sizeZ; k++) {
    let reach = reachOf(scratch, k);
    let at = source + <usize>boxX * bytes + <usize>boxY * row + <usize>(boxZ + k) * plane;
    for (let j = 0; j < sizeY; j++) {
      touchLines(at + <usize>load<i32>(reach) * bytes, at + <usize>load<i32>(reach, 4) * bytes);
      reach += 8;
      at += row;
    }
  }
  return true;
}

@inline
function touchLines(from: usize, end: usize): void {
  if (from >= end) return;
  for (let at = from & -LINE_BYTES; at < end; at += LINE_BYTES) load<u8>(at);
}
