import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where Linux keeps the processor quota of this process's group: version 2, then version 1 (quota, period). */
const CGROUP_2 = '/sys/fs/cgroup/cpu.max';
const CGROUP_1 = [
  '/sys/fs/cgroup/cpu/cpu.cfs_quota_us',
  '/sys/fs/cgroup/cpu/cpu.cfs_period_us',
] as const;

/** Threads that this process can keep busy: its affinity and its container's quota; at least 1. */
export function readThreads(): number {
  return threadsWithin(availableParallelism(), readQuota());
}

/** Whole threads within a quota of processors, a part of one rounded up. Pure. */
export function threadsWithin(parallelism: number, quota: number | undefined): number {
  if (quota === undefined || !(quota > 0)) return parallelism;
  return Math.max(1, Math.min(parallelism, Math.ceil(quota)));
}

/** Processors of `cpu.max`, `QUOTA PERIOD` in microseconds; undefined for `max` and for what is no such line. Pure. */
export function parseQuota(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined) return undefined;
  return quota > 0 && period > 0 ? quota / period : undefined;
}

function readQuota(): number | undefined {
  const line = readText(CGROUP_2) ?? CGROUP_1.map((path) => readText(path) ?? '').join(' ');
  return parseQuota(line);
}

/** Undefined where there is no such file: another system, or a group without a quota. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
