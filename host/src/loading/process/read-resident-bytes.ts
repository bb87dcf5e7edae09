import { readFileSync } from 'node:fs';

/** Pages of Linux on x64 and most arm64; where they are larger, less is counted than there is. */
const PAGE_BYTES = 4096;

/** Memory that a process holds in RAM; undefined where the system does not say (no /proc). */
export function readResidentBytes(pid: number): number | undefined {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return Number.isFinite(pages) ? pages * PAGE_BYTES : undefined;
  } catch {
    return undefined;
  }
}
