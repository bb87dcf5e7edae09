import { readdirSync, readFileSync } from 'node:fs';
import { TREE_VARIABLE } from './launch-plan.js';

/** Rounds until nobody is left: a process may fork while it is being looked for. */
const MAX_ROUNDS = 20;

/**
 * Ends a child, its process group, and on Linux whatever else descends from it: a daemon that left the group
 * still has the mark in its environment. Never waits.
 */
export function killTree(pid: number, treeMark: string): void {
  kill(-pid);
  kill(pid);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const left = readMarked(treeMark).filter((found) => found !== process.pid);
    if (left.length === 0) return;
    for (const found of left) kill(found);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

/** Living processes whose environment has the mark; none where there is no /proc. */
export function readMarked(treeMark: string): readonly number[] {
  const mark = `${TREE_VARIABLE}=${treeMark}`;
  return readProcesses().filter((pid) => readEnvironment(pid).includes(mark));
}

function readProcesses(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Empty for a process that has ended or is another user's: a zombie has no environment. */
function readEnvironment(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
