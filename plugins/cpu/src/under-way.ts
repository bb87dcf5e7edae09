/** Something that was begun, and when it has ended. */
export interface UnderWay {
  readonly ended: Promise<void>;
}

/**
 * Begins items in order, each when the one before has begun and at most `most` are under way. Resolves when all have ended;
 * rejects as the first that failed, in their order, once none is under way any more.
 */
export async function underWay<T>(
  items: readonly T[],
  most: number,
  begin: (item: T, index: number) => Promise<UnderWay>,
): Promise<void> {
  const open: Promise<void>[] = [];
  try {
    for (const [index, item] of items.entries()) {
      if (open.length >= most) await open.shift();
      const { ended } = await begin(item, index);
      ended.catch(() => undefined); // told when its turn comes
      open.push(ended);
    }
    while (open.length > 0) await open.shift();
  } finally {
    await Promise.allSettled(open);
  }
}

/** Milliseconds between two tellings. */
const TELL_MS = 25;

/** Tells how far parts are that are equally long, whichever of them goes on: the function of part n takes its own share. */
export function progressOver(
  parts: number,
  tell: (fraction: number) => void,
): (part: number) => (share: number) => void {
  const shares = new Float64Array(parts);
  let done = 0;
  let last = performance.now();
  return (part) => (share) => {
    done += share - shares[part];
    shares[part] = share;
    if (performance.now() - last < TELL_MS) return;
    last = performance.now();
    tell(done / parts);
  };
}
