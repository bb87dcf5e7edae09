import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';
import { FaultError, systemCode } from './bad-file.js';

/** Bytes in order, pulled by whoever needs them. */
export interface ByteSource {
  /** Fills the front of `into`; resolves to how many bytes, 0 only at the end. */
  read(into: Uint8Array): Promise<number>;
  /** Leaves bytes out; at the end there is nothing to leave. */
  skip(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** One `fs.read` takes at most 2 GiB; smaller pieces keep aborts and progress responsive. */
const LONGEST_READ = 16 << 20;

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

/** `first`, then what is left of `rest`. */
export function prefixedSource(first: Uint8Array, rest: ByteSource): ByteSource {
  let left = first;
  return readable(
    (into) => {
      if (left.length === 0) return rest.read(into);
      const piece = left.subarray(0, into.length);
      into.set(piece);
      left = left.subarray(piece.length);
      return Promise.resolve(piece.length);
    },
    () => rest.close(),
  );
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

/** Compressed bytes handed to zlib at a time. */
const FEED = 1 << 18;
/** Size of zlib's output pieces: large enough to amortise its thread hops, small enough not to show in memory. */
const PIECE = 1 << 20;

/** Inflates gzip (all members) or zlib bytes on zlib's own thread. A damaged stream is a fault of `field`. */
export function inflatingSource(inner: ByteSource, field: string): ByteSource {
  const options = { chunkSize: PIECE, readableHighWaterMark: 2 * PIECE };
  const feed = Readable.from(pieces(inner), { objectMode: false, highWaterMark: FEED });
  const unzip = createUnzip(options);
  feed.once('error', (error) => unzip.destroy(error));
  feed.pipe(unzip);
  const output: AsyncIterator<Uint8Array> = unzip[Symbol.asyncIterator]();
  let left: Uint8Array = new Uint8Array(0);
  return readable(
    async (into) => {
      if (left.length === 0) {
        const next = await output.next().catch((error: unknown) => throwDamaged(error, field));
        if (next.done === true) return 0;
        left = next.value;
      }
      const piece = left.subarray(0, into.length);
      into.set(piece);
      left = left.subarray(piece.length);
      return piece.length;
    },
    async () => {
      feed.destroy();
      unzip.destroy();
      await inner.close();
    },
  );
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = Buffer.allocUnsafe(FEED);
    const length = await source.read(piece);
    if (length === 0) return;
    yield piece.subarray(0, length);
  }
}

function throwDamaged(error: unknown, field: string): never {
  const code = systemCode(error) ?? '';
  if (!code.startsWith('Z_')) throw error;
  const reason =
    code === 'Z_BUF_ERROR' ? 'ends too early: the file is truncated' : `is damaged (${code})`;
  const remedy = 'copy the file again from its origin';
  throw new FaultError({ field, reason, remedy }, { cause: error });
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
