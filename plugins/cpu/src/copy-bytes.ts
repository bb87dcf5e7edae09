/**
 * V8 copies between ordinary and shared memory in words of so many bytes where both ends are equally far from the start of one,
 * else byte by byte, which takes eight times as long.
 */
const WORD_BYTES = 8;
/** Below this, what is copied byte by byte takes no longer. */
const LEAST_BYTES = 1024;
/** Copied at a time through ordinary memory: stays in the second-level cache. */
const PART_BYTES = 2 ** 15;

const between = new Uint8Array(PART_BYTES + WORD_BYTES);

/**
 * Copies all of `from` to the start of `to`, of which either may be shared. What a copy in words cannot reach goes through
 * ordinary memory, as far from a word there as it is in the shared one.
 */
export function copyBytes(to: Uint8Array, from: Uint8Array): void {
  if ((to.byteOffset - from.byteOffset) % WORD_BYTES === 0 || from.length < LEAST_BYTES) {
    to.set(from);
    return;
  }
  const lead = (isShared(from) ? from : to).byteOffset % WORD_BYTES;
  for (let at = 0; at < from.length; at += PART_BYTES) {
    const part = from.subarray(at, at + PART_BYTES);
    const aligned = between.subarray(lead, lead + part.length);
    aligned.set(part);
    to.set(aligned, at);
  }
}

const isShared = ({ buffer }: Uint8Array): boolean => buffer instanceof SharedArrayBuffer;
