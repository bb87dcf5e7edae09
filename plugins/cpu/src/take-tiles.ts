import { setImmediate } from 'node:timers/promises';
import { VoxhostError } from '@voxhost/sdk';
import type { RunKernel } from './instantiate-kernels.js';
import { JOB_ABORT, JOB_NEXT, JOB_TILE_COUNT } from './job-layout.js';

/** Milliseconds of tiles between which others of this process get their turn. */
const TURN_MS = 4;
/** Milliseconds of tiles at once: long beside a call, short beside a turn. */
const CALL_MS = 0.5;
/** The same where other threads work on the job: they wait for what the asker has to copy, and for its last tile. */
const SHARED_CALL_MS = 0.05;

/** The part of a job that the thread which asks for it does. */
export interface OwnPart {
  readonly backend: string;
  readonly run: RunKernel;
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly scratch: number;
  /** Address of what the other threads that work on it add to when they have answered; absent: there are none. */
  readonly answers: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Is told the share of the tiles that were taken. */
  readonly progress: ((fraction: number) => void) | undefined;
}

/**
 * Takes tiles of a job on the thread that asks, until none is left: nobody has to be woken, and what is copied for the
 * kernels, and from them, stays in one core's cache. Where others share the job, all else that is to be done comes first:
 * what is there at the start, and what an answer asks for. Rejects with the signal's reason when aborted.
 */
export async function takeTiles(part: OwnPart): Promise<void> {
  const { memory, job, answers, signal, progress } = part;
  const isShared = answers !== undefined;
  const words = new Int32Array(memory.buffer);
  const load = (address: number): number => Atomics.load(words, address / 4);
  const answerCount = (): number => (isShared ? load(answers) : 0);
  const tiles = load(job + JOB_TILE_COUNT);
  const callMs = isShared ? SHARED_CALL_MS : CALL_MS;
  let now = performance.now();
  let turned = now;
  let seen = isShared ? undefined : 0;
  let most = 1;
  for (let taken = 0; taken < tiles; taken = load(job + JOB_NEXT)) {
    const isLate = now - turned > TURN_MS;
    if (isLate) progress?.(taken / tiles);
    if (isLate || answerCount() !== seen) {
      seen = answerCount();
      await setImmediate();
      signal?.throwIfAborted();
      if (load(job + JOB_ABORT) !== 0) return;
      turned = now = performance.now();
    }
    const began = now;
    runKernel(part, most);
    now = performance.now();
    most = mostAtOnce(most, now - began, callMs);
  }
}

function mostAtOnce(most: number, ms: number, callMs: number): number {
  if (ms < callMs / 2) return 2 * most;
  return ms > 2 * callMs ? Math.ceil(most / 2) : most;
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
