/** How threads are shared among runs of networks: so many runs at once, each on so many threads. */
export interface LanePlan {
  readonly lanes: number;
  readonly threads: number;
}

/** Bytes of weights that the sessions of all lanes may hold. */
const MOST_WEIGHTS = 2 ** 31;

/**
 * Batches of patches run side by side, one thread each: the threads of one session wait for each other after
 * every operator, and patches are too small for that (a batch of M730 took 0.85 of the time on one of two threads).
 *
 * @param batches - that a run is cut into
 * @param weights - bytes that the sessions of one lane hold
 */
export function planLanes(threads: number, batches: number, weights: number): LanePlan {
  const affordable = Math.max(1, Math.floor(MOST_WEIGHTS / Math.max(1, weights)));
  const lanes = Math.max(1, Math.min(threads, batches, affordable));
  return { lanes, threads: Math.floor(threads / lanes) };
}

/**
 * Works on all items, as many at once as there are lanes, each item in one lane; answers in the order of the
 * items. After an error no item is begun, and the first one is thrown when every lane is at rest.
 */
export async function overLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T, lane: number) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const go = async (lane: number): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const k = next++;
      answers[k] = await work(items[k], lane);
    }
  };
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) => go(lane).catch((error) => errors.push(error))),
  );
  if (errors.length > 0) throw errors[0];
  return answers;
}
