import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Threads that can run at once: what the caller allows, this process may use, and its control groups grant. */
export function threadCount(allowed: number): number {
  return threadsWithin(allowed, availableParallelism(), readProcessorQuotas());
}

/** Whole threads, a part of a processor rounded up; at least 1. Pure. */
export const threadsWithin = (
  allowed: number,
  parallelism: number,
  quotas: readonly number[],
): number => Math.max(1, Math.min(allowed, parallelism, ...quotas.map(Math.ceil)));

/**
 * Files with the processor quotas of a process, from the text of its `/proc/self/cgroup`: of its group and of every group
 * around it, since each of them limits. A line is `hierarchy:controllers:path`; version 2 has no controllers. Pure.
 */
export function quotaFiles(cgroups: string): readonly (readonly string[])[] {
  return cgroups.split('\n').flatMap((line) => {
    const [, controllers, path] = line.split(':');
    if (path === undefined) return [];
    if (controllers === '') return groupsAround(path).map((group) => [`${ROOT}${group}/cpu.max`]);
    if (!controllers.split(',').includes('cpu')) return [];
    return groupsAround(path).map((group) =>
      ['quota', 'period'].map((part) => `${ROOT}/cpu${group}/cpu.cfs_${part}_us`),
    );
  });
}

/** Processors that a text of quota and period in microseconds grants; undefined for `max` and -1. Pure. */
export function parseQuota(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota > 0 && period > 0 ? quota / period : undefined;
}

const ROOT = '/sys/fs/cgroup';

/** The root first: `/a/b` gives '', '/a' and '/a/b'. */
function groupsAround(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return ['', ...names.map((_, n) => `/${names.slice(0, n + 1).join('/')}`)];
}

function readProcessorQuotas(): readonly number[] {
  return quotaFiles(readText('/proc/self/cgroup')).flatMap((files) => {
    const quota = parseQuota(files.map(readText).join(' '));
    return quota === undefined ? [] : [quota];
  });
}

/** Empty where there is no such file. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
