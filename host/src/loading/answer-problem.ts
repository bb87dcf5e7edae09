/** What is wrong with an answer of `supports`, or undefined: it is asked of code that is not ours. */
export function supportProblem(answer: unknown): string | undefined {
  const { ok, memory, axis, reason } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  if (ok === false && typeof axis === 'string' && typeof reason === 'string') return undefined;
  if (ok === false) return 'refused an operation without an axis and a reason';
  if (ok !== true) return 'answered neither yes nor no when asked what it supports';
  const { prepare, run } = (memory ?? {}) as Readonly<Record<string, unknown>>;
  return isBytes(prepare) && isBytes(run)
    ? undefined
    : 'supports an operation with memory that is no number of bytes';
}

const isBytes = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

/** What is wrong with an answer of `prepare`, or undefined. */
export function preparedProblem(answer: unknown): string | undefined {
  const { run, [Symbol.asyncDispose]: dispose } = (answer ?? {}) as Partial<AsyncDisposable> & {
    readonly run?: unknown;
  };
  const isPrepared = typeof run === 'function' && typeof dispose === 'function';
  return isPrepared ? undefined : 'prepared what cannot be run or disposed';
}
