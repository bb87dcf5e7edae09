import type { FileHandle } from 'node:fs/promises';

/** Bytes in order, pulled by whoever needs them. */
export interface ByteSource {
  /** Fills the front of `into`; resolves to how many bytes, 0 only at the end. */
  read(into: Uint8Array): Promise<number>;
  /** Leaves bytes out; at the end there is nothing to leave. */
  skip(bytes: number): Promise<void>;
  /**
   * Of sources that make their bytes: the next of them, at most `most`, where they were made; empty only at the
   * end. The caller may write to them.
   */
  piece?(most: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** One `fs.read` takes at most 2 GiB; smaller pieces keep aborts and progress responsive. */
const LONGEST_READ = 4 << 20;

/** The bytes of an open file from `position` on. Closing it leaves the handle to its owner. */
export function fileSource(handle: FileHandle, position = 0): ByteSource {
  let next = position;
  return {
    async read(into) {
      const length = Math.min(into.length, LONGEST_READ);
      const { bytesRead } = await handle.read(into, 0, length, next);
      next += bytesRead;
      return bytesRead;
    },
    skip(bytes) {
      next += bytes;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** A source that can only be read, and so skips by reading. */
export function readable(read: ByteSource['read'], close: ByteSource['close']): ByteSource {
  const skip = async (bytes: number): Promise<void> => {
    const scratch = new Uint8Array(Math.min(1 << 16, Math.max(0, bytes)));
    for (let left = bytes; left > 0; ) {
      const length = await read(scratch.subarray(0, Math.min(left, scratch.length)));
      if (length === 0) return; // whoever reads on finds the end and says so
      left -= length;
    }
  };
  return { read, skip, close };
}

/** The first `length` bytes of a source. */
export function limitedSource(source: ByteSource, length: number): ByteSource {
  let left = length;
  return readable(async (into) => {
    const taken = left === 0 ? 0 : await source.read(into.subarray(0, left));
    left -= taken;
    return taken;
  }, source.close);
}

/** One source after the other, each opened when its turn comes. */
export function joinedSource(openers: readonly (() => Promise<ByteSource>)[]): ByteSource {
  let next = 0;
  let current: ByteSource | undefined;
  const close = async () => {
    await current?.close();
    current = undefined;
  };
  return readable(async (into) => {
    while (current !== undefined || next < openers.length) {
      current ??= await openers[next++]();
      const length = await current.read(into);
      if (length > 0) return length;
      await close();
    }
    return 0;
  }, close);
}

/** Reads until `into` is full or the source ends; resolves to the number of bytes. */
export async function readFully(source: ByteSource, into: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const length = await source.read(into.subarray(filled));
    if (length === 0) break;
    filled += length;
  }
  return filled;
}
