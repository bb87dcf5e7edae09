/** Milliseconds that a reading holds: to take it costs as much as all else of the routing of a call. */
const HOLDS_MS = 100;

/** Memory that this machine has left for the process, in bytes, as it was a moment ago. */
export function availableMemoryReader(
  read: () => number = () => process.availableMemory(),
  now: () => number = () => performance.now(),
): () => number {
  let bytes = 0;
  let until = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() < until) return bytes;
    bytes = read();
    until = now() + HOLDS_MS;
    return bytes;
  };
}
