import { JOB_PLANE, JOB_ROW, JOB_SIZE } from '../src/job-layout';
import { reachOf } from './reach';
import { boxX, boxY, boxZ, sizeY } from './stage';

const LINE_BYTES: usize = 64;

/**
 * Brings what slice k of the measured box is looked at to the cache, as far as it lies in the source, whose samples have so many bytes.
 *
 * Limited by memory: one load for each cache line, in its order, so that many are under way at once, and those that come next
 * are foreseen.
 */
export function touchRows(job: usize, scratch: usize, source: usize, bytes: usize, k: i32): void {
  if (<u32>(boxZ + k) >= load<u32>(job, JOB_SIZE + 8)) return;
  const first = max(0, -boxX);
  const end = load<i32>(job, JOB_SIZE) - boxX;
  const from = max(0, -boxY);
  const to = min(sizeY, load<i32>(job, JOB_SIZE + 4) - boxY);
  const row = load<usize>(job, JOB_ROW) * bytes;
  const plane = load<usize>(job, JOB_PLANE) * bytes;
  let at = source + <usize>boxX * bytes + <usize>(boxY + from) * row + <usize>(boxZ + k) * plane;
  let reach = reachOf(scratch, k) + (<usize>from << 3);
  for (let j = from; j < to; j++) {
    touchLines(at + <usize>max(first, load<i32>(reach)) * bytes, at + <usize>min(end, load<i32>(reach, 4)) * bytes);
    reach += 8;
    at += row;
  }
}

@inline
function touchLines(from: usize, end: usize): void {
  if (<isize>(end - from) <= 0) return;
  for (let at = from & -LINE_BYTES; at < end; at += LINE_BYTES) load<u8>(at);
}
