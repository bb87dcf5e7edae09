/** Thrown where a foreign step took longer than it may. */
export class TimeOut extends Error {
  readonly limitMs: number;

  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`);
    this.name = 'TimeOut';
    this.limitMs = limitMs;
  }
}

/** The promise's outcome, or a `TimeOut`, or the signal's reason, whatever comes first. The step itself goes on unheard. */
export async function within<T>(
  step: Promise<T>,
  what: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  let end = (): void => {};
  const limit = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new TimeOut(what, limitMs)), limitMs);
    const aborted = () => reject(signal.reason as Error);
    signal.addEventListener('abort', aborted, { once: true });
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
    };
  });
  try {
    return await Promise.race([step, limit]);
  } finally {
    end();
  }
}
