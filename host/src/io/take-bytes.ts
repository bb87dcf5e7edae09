import type { ByteSource } from './byte-source.js';

/** Bytes per step: between two steps an abort is seen and progress told, and no view of a buffer exceeds 4 GiB. */
export const STEP = 4 << 20;

/** A buffer whose first `filled` bytes came out of a source. */
export interface TakenBytes {
  readonly buffer: ArrayBuffer;
  readonly filled: number;
}

/** How much to take, into what. */
export interface Taking {
  readonly length: number;
  /** Bytes that the buffer must have, at least `length`. */
  readonly capacity: number;
  readonly allocate: (bytes: number) => ArrayBuffer;
  /** Told after each step how many bytes there are. */
  readonly onStep: (filled: number) => void;
}

/**
 * The next `length` bytes of a source. Of an inflating source with room for them the buffer is zlib's own, whose
 * bytes are moved to its front as they come: the volume is never held twice.
 */
export async function takeBytes(source: ByteSource, taking: Taking): Promise<TakenBytes> {
  return source.piece === undefined
    ? await takeByReading(source, taking)
    : await takePieces(source.piece, taking);
}

async function takeByReading(source: ByteSource, taking: Taking): Promise<TakenBytes> {
  const buffer = taking.allocate(taking.capacity);
  let filled = 0;
  while (filled < taking.length) {
    const step = Math.min(STEP, taking.length - filled);
    const length = await source.read(new Uint8Array(buffer, filled, step));
    if (length === 0) break;
    filled += length;
    taking.onStep(filled);
  }
  return { buffer, filled };
}

async function takePieces(
  next: (most: number) => Promise<Uint8Array<ArrayBuffer>>,
  taking: Taking,
): Promise<TakenBytes> {
  const { length, capacity, allocate, onStep } = taking;
  let buffer: ArrayBuffer | undefined;
  let filled = 0;
  while (filled < length) {
    const piece = await next(Math.min(STEP, length - filled));
    if (piece.length === 0) break;
    buffer ??= isRoomy(piece, capacity) ? piece.buffer : allocate(capacity);
    new Uint8Array(buffer, filled, piece.length).set(piece);
    filled += piece.length;
    onStep(filled);
  }
  return { buffer: buffer ?? allocate(capacity), filled };
}

/** Bytes from which a buffer is worth sparing; below, the result has one of exactly its size. */
const WORTHWHILE = 1 << 20;

/** Part of a buffer that may be beyond what is needed: the header before the pixels. */
const LARGEST_EXCESS = 1 / 16;

/** Was the piece made in a buffer that holds everything? */
const isRoomy = ({ buffer }: Uint8Array<ArrayBuffer>, capacity: number): boolean =>
  capacity >= WORTHWHILE &&
  buffer.byteLength >= capacity &&
  buffer.byteLength <= capacity * (1 + LARGEST_EXCESS);
