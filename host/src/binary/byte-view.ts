/** Thrown where a binary's tables lead outside it, or on for ever. Turned into a fault by `parseBinary`. */
export class BrokenBinary extends Error {}

/** Bytes of a file, in memory or on disk: only what is asked for is read. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes; only called for ranges inside the file. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes that are in memory. */
export const memorySource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

/** Longest name in a string table. */
const LONGEST_NAME = 4096;
/** Largest table that is read in one piece. */
const LARGEST_TABLE = 64 * 1024 * 1024;

/** Numbers and names at offsets of a file, in one byte order; whatever leads outside throws `BrokenBinary`. */
export class ByteView {
  readonly littleEndian: boolean;
  readonly #source: ByteSource;
  readonly #start: number;
  readonly size: number;

  /** @param start - where offset 0 lies in the file: a slice of a fat binary has its own */
  constructor(source: ByteSource, littleEndian: boolean, start = 0, size = source.size - start) {
    if (start < 0 || size < 0 || start + size > source.size)
      throw new BrokenBinary('a part lies beyond the end of the file');
    this.#source = source;
    this.littleEndian = littleEndian;
    this.#start = start;
    this.size = size;
  }

  /** A table that many numbers are taken from, as one DataView. */
  table(offset: number, length: number): DataView {
    if (length > LARGEST_TABLE) throw new BrokenBinary(`a table has ${length} bytes`);
    const bytes = this.bytes(offset, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  bytes(offset: number, length: number): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size))
      throw new BrokenBinary(
        `${length} bytes at ${offset} lie beyond the end at ${this.size} (truncated?)`,
      );
    return this.#source.read(this.#start + offset, length);
  }

  u8(offset: number): number {
    return this.table(offset, 1).getUint8(0);
  }

  u16(offset: number): number {
    return this.table(offset, 2).getUint16(0, this.littleEndian);
  }

  u32(offset: number): number {
    return this.table(offset, 4).getUint32(0, this.littleEndian);
  }

  /** Beyond 2^53 no file reaches, so that rounding there changes nothing. */
  u64(offset: number): number {
    return Number(this.table(offset, 8).getBigUint64(0, this.littleEndian));
  }

  /** Characters up to a NUL. */
  name(offset: number): string {
    if (!(offset >= 0 && offset < this.size)) throw new BrokenBinary(`a name lies at ${offset}`);
    const bytes = this.bytes(offset, Math.min(LONGEST_NAME, this.size - offset));
    const end = bytes.indexOf(0);
    if (end === -1) throw new BrokenBinary(`a name at ${offset} does not end`);
    return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
  }
}
