import { setImmediate } from 'node:timers/promises';
import { VoxhostError } from '@voxhost/sdk';
import type { RunKernel } from './instantiate-kernels.js';
import { JOB_NEXT, JOB_TILE_COUNT } from './job-layout.js';

/** Computed at once: some milliseconds, in which nothing else of this process gets its turn. */
const TURN_MS = 4;

export interface OwnJob {
  readonly backend: string;
  readonly run: RunKernel;
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly scratch: number;
  readonly signal: AbortSignal | undefined;
  readonly progress: ((fraction: number) => void) | undefined;
}

/**
 * Does a job on the thread that asks, tile by tile, between which others get their turn: nobody has to be woken, and what is
 * copied for the kernels, and from them, stays in one core's cache. Rejects with the signal's reason when aborted.
 */
export async function executeHere(own: OwnJob): Promise<void> {
  const { memory, job, signal, progress } = own;
  const word = (offset: number): Int32Array => new Int32Array(memory.buffer, job + offset, 1);
  const [next, count] = [word(JOB_NEXT), word(JOB_TILE_COUNT)];
  const tiles = count[0];
  let since = performance.now();
  for (let tile = 0; tile < tiles; tile++) {
    if (performance.now() - since > TURN_MS) {
      progress?.(tile / tiles);
      await setImmediate();
      signal?.throwIfAborted();
      since = performance.now();
    }
    next[0] = tile;
    count[0] = tile + 1;
    runTile(own);
  }
}

function runTile({ backend, run, job, scratch }: OwnJob): void {
  const failure = failureOf(() => run(job, scratch));
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
