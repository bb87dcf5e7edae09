import { type RunOptions, VoxhostError } from '@voxhost/sdk';

/**
 * Does work that tells its progress. A `progress` that throws is the caller's fault and of nobody who calls it, in a
 * backend or on the way from a child process: it ends the work as an abort does, and the call rejects with
 * `BAD_ARGUMENT` and the cause.
 */
export async function withProgress<O extends RunOptions, T>(
  options: O,
  work: (options: O) => Promise<T>,
): Promise<T> {
  const { progress, signal } = options;
  if (progress === undefined) return work(options);
  const ending = new AbortController();
  const forward = () => ending.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  let failure: VoxhostError | undefined;
  const tell = (fraction: number) => {
    if (failure !== undefined) return;
    try {
      progress(fraction);
    } catch (cause) {
      failure = threw('progress', cause);
      ending.abort(failure);
    }
  };
  try {
    const done = await work({ ...options, progress: tell, signal: ending.signal });
    if (failure !== undefined) throw failure;
    return done;
  } finally {
    signal?.removeEventListener('abort', forward);
  }
}

/** A function of the caller's threw. */
export function threw(argument: string, cause: unknown): VoxhostError {
  const text = cause instanceof Error ? cause.message : 'what is no Error';
  const reason = `threw when it was called: ${text}`;
  return new VoxhostError('BAD_ARGUMENT', { argument, reason }, cause);
}
