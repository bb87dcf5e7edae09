import type { Contestant, Task, Timed } from './peers.js';

/** Rounds of one program on one workload, summed up. */
export interface Compared extends Timed {
  /** Of the medians that each round printed. */
  readonly lowMs: number;
  readonly highMs: number;
  readonly rounds: number;
  readonly nsPerVoxel: number;
}

/**
 * Runs all contestants in turn, round after round, so that whatever disturbs the machine disturbs all of them; each
 * run is a process of its own.
 */
export function compare(
  contestants: readonly Contestant[],
  task: Task,
  rounds: number,
): readonly Compared[] {
  const all: Timed[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) all.push(...contestant(task));
  }
  const programs = [...new Set(all.map(({ program }) => program))];
  return programs.map((program) => sumUp(all.filter((timed) => timed.program === program)));
}

function sumUp(runs: readonly Timed[]): Compared {
  const sorted = runs.map(({ ms }) => ms).sort((a, b) => a - b);
  const ms = sorted[Math.floor(sorted.length / 2)];
  const [last] = runs.slice(-1);
  return {
    ...last,
    ms,
    lowMs: sorted[0],
    highMs: sorted[sorted.length - 1],
    rounds: runs.length,
    nsPerVoxel: Math.round((ms * 1e8) / last.n ** 3) / 100,
  };
}
