import { on } from 'node:events';
import { promisify } from 'node:util';
import { createUnzip, type Unzip } from 'node:zlib';
import { FaultError, systemCode } from './bad-file.js';
import { type ByteSource, readable } from './byte-source.js';

/** Compressed bytes handed to zlib at a time. */
const FEED = 1 << 18;

/** Size of zlib's output pieces when nobody says how much is wanted. */
const PIECE = 1 << 16;

/** Most bytes that zlib is given room for at once; beyond, its pieces that wait for collection weigh little. */
const LARGEST_ROOM = 1 << 30;

/** Pieces that wait before zlib is paused, and below which it goes on. */
const WAITING = { highWaterMark: 16, lowWaterMark: 8 } as const;

/**
 * Inflates gzip (all members) or zlib bytes on zlib's own thread. A damaged stream is a fault of `field`.
 *
 * @param room - bytes that are wanted in one piece of memory: zlib then inflates into one buffer of that size, which
 *   `takeBytes` makes the result, so that nothing is held twice. Absent: small pieces.
 */
export function inflatingSource(inner: ByteSource, field: string, room?: number): ByteSource {
  const chunkSize = room === undefined || room > LARGEST_ROOM ? PIECE : Math.max(PIECE, room);
  const unzip = createUnzip({ chunkSize });
  const output = on(unzip, 'data', { close: ['end'], ...WAITING });
  void feed(inner, unzip);
  let left: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  const piece = async (most: number) => {
    if (left.length === 0) {
      const next = await output.next().catch((error: unknown) => throwDamaged(error, field));
      if (next.done === true) return left;
      left = next.value[0];
    }
    const taken = left.subarray(0, most);
    left = left.subarray(most);
    return taken;
  };
  const read = async (into: Uint8Array) => {
    const taken = await piece(into.length);
    into.set(taken);
    return taken.length;
  };
  const close = async () => {
    unzip.destroy();
    await inner.close();
  };
  return { ...readable(read, close), piece };
}

/** Part of a room that may go to what is left out before the wanted bytes: a header, not a gap of gigabytes. */
const LARGEST_GAP = 1 / 16;

/** Room for wanted bytes behind others that are left out; none where these would fill most of it. */
export const roomBehind = (skipped: number, room: number | undefined): number | undefined =>
  room === undefined || skipped > room * LARGEST_GAP ? undefined : skipped + room;

/** Gives zlib one half while the other is read. What fails here is thrown where the output is read. */
async function feed(inner: ByteSource, unzip: Unzip): Promise<void> {
  try {
    let [next, after] = [Buffer.allocUnsafe(FEED), Buffer.allocUnsafe(FEED)];
    for (let length = await inner.read(next); length > 0; ) {
      const taken = writeTo(unzip, next.subarray(0, length));
      [length] = await Promise.all([inner.read(after), taken]);
      [next, after] = [after, next];
    }
    unzip.end();
  } catch (error) {
    unzip.destroy(error as Error);
  }
}

/** Resolves when zlib needs the bytes no more; rejects, or never ends, when it was stopped. */
const writeTo = promisify((unzip: Unzip, bytes: Uint8Array, done: (error?: Error | null) => void) =>
  unzip.write(bytes, done),
);

function throwDamaged(error: unknown, field: string): never {
  const code = systemCode(error) ?? '';
  if (!code.startsWith('Z_')) throw error;
  const reason =
    code === 'Z_BUF_ERROR' ? 'ends too early: the file is truncated' : `is damaged (${code})`;
  const remedy = 'copy the file again from its origin';
  throw new FaultError({ field, reason, remedy }, { cause: error });
}
