import { JOB_ABORT, JOB_NEXT, JOB_TILE_COUNT } from '../src/job-layout';

/** The next tile of a job that no thread has taken, or -1 when there is none or the job was aborted. */
export function takeTile(job: usize): i32 {
  if (atomic.load<i32>(job, JOB_ABORT)) return -1;
  const tile = atomic.add<i32>(job, 1, JOB_NEXT);
  return tile < load<i32>(job, JOB_TILE_COUNT) ? tile : -1;
}
