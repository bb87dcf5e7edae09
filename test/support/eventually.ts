/** What is found once it is as wanted; the test's own time limit ends the wait. */
export async function eventually<T>(look: () => T, isDone: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = look();
    if (isDone(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
