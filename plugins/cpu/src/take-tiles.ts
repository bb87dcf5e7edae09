import { setImmediate } from 'node:timers/promises';
import { VoxhostError } from '@voxhost/sdk';
import type { RunKernel } from './instantiate-kernels.js';
import { JOB_ABORT, JOB_NEXT, JOB_TILE_COUNT } from './job-layout.js';

/** Milliseconds of tiles between which others of this process get their turn. */
const TURN_MS = 4;
/** The same where other threads work on the job: they wait for what the asker has to copy, and for the job after this one. */
const SHARED_TURN_MS = 0.25;

/** The part of a job that the thread which asks for it does. */
export interface OwnPart {
  readonly backend: string;
  readonly run: RunKernel;
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly scratch: number;
  /** Do other threads work on it too? */
  readonly isShared: boolean;
  readonly signal: AbortSignal | undefined;
  /** Is told the share of the tiles that were taken. */
  readonly progress: ((fraction: number) => void) | undefined;
}

/**
 * Takes tiles of a job on the thread that asks, until none is left: nobody has to be woken, and what is copied for the
 * kernels, and from them, stays in one core's cache. Where others share the job, all else that is to be done comes first.
 * Rejects with the signal's reason when aborted.
 */
export async function takeTiles(part: OwnPart): Promise<void> {
  const { memory, job, isShared, signal, progress } = part;
  const word = (offset: number): Int32Array => new Int32Array(memory.buffer, job + offset, 1);
  const [next, abort, tiles] = [word(JOB_NEXT), word(JOB_ABORT), word(JOB_TILE_COUNT)[0]];
  const turnMs = isShared ? SHARED_TURN_MS : TURN_MS;
  let now = performance.now();
  let told = now;
  let turned = isShared ? -Infinity : now;
  let most = 1;
  for (let taken = 0; taken < tiles; taken = Atomics.load(next, 0)) {
    if (now - told > TURN_MS) {
      progress?.(taken / tiles);
      told = now;
    }
    if (now - turned > turnMs) {
      await setImmediate();
      signal?.throwIfAborted();
      if (Atomics.load(abort, 0) !== 0) return;
      turned = now = performance.now();
    }
    const began = now;
    runKernel(part, most);
    now = performance.now();
    most = mostInTurn(most, now - began, turnMs);
  }
}

/** So many tiles at once that a call is a small part of a turn, and what it takes to call is little beside it. */
function mostInTurn(most: number, ms: number, turnMs: number): number {
  if (ms < turnMs / 8) return 2 * most;
  return ms > turnMs / 2 ? Math.ceil(most / 2) : most;
}

function runKernel({ backend, run, job, scratch }: OwnPart, most: number): void {
  const failure = failureOf(() => run(job, scratch, most));
  if (failure === undefined) return;
  const { cause } = failure;
  const reason = `a kernel failed: ${cause instanceof Error ? cause.message : String(cause)}`;
  throw new VoxhostError('BACKEND_FAILED', { backend, reason }, cause);
}

function failureOf(work: () => void): { readonly cause: unknown } | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    return { cause };
  }
}
