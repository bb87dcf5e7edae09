const LIMIT_MS = 60_000;

/** What is found once it is as wanted, or what was found last when that took too long. */
export async function eventually<T>(look: () => T, isDone: (found: T) => boolean): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const found = look();
    if (isDone(found) || performance.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
