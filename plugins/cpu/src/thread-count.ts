import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Threads that can run at once: what the caller allows, this process may use, and its control group grants. */
export function threadCount(allowed: number): number {
  return Math.max(1, Math.min(allowed, availableParallelism(), readProcessorQuota()));
}

/** Processors that the control group grants, rounded up; version 2, then 1. Infinity where there is no limit. */
function readProcessorQuota(): number {
  const [quota, period] = readNumbers('/sys/fs/cgroup/cpu.max');
  const found =
    quota / period ||
    readNumbers('/sys/fs/cgroup/cpu/cpu.cfs_quota_us')[0] /
      readNumbers('/sys/fs/cgroup/cpu/cpu.cfs_period_us')[0];
  return found > 0 ? Math.ceil(found) : Number.POSITIVE_INFINITY;
}

/** NaN for `max`, and for a file that is not there. */
function readNumbers(path: string): readonly number[] {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/).map(Number);
  } catch {
    return [Number.NaN, Number.NaN];
  }
}
