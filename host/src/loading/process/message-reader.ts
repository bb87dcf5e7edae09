import { decodeHeader, type FrameHeader, HEADER_BYTES } from './frame.js';
import { BrokenContract, type Fields, type Message, NO_BLOB } from './message.js';

/**
 * Memory for a blob of so many bytes. A reader that knows where the blob belongs gives that memory, so that
 * it is filled without a copy; undefined drops the bytes as they come.
 */
export type BlobTarget = (
  message: Omit<Message, 'blob'>,
  bytes: number,
) => { readonly buffer: ArrayBuffer; readonly offset: number } | undefined;

interface Unfinished {
  readonly message: Omit<Message, 'blob'>;
  readonly bytes: number;
  readonly target: ReturnType<BlobTarget>;
  filled: number;
}

const owned: BlobTarget = (_, bytes) => ({ buffer: new ArrayBuffer(bytes), offset: 0 });
const SCRATCH_BYTES = 2 ** 20;

/**
 * Turns a stream of bytes into messages. The caller asks where the next bytes go (`space`), puts some there,
 * and says how many (`commit`), so that a blob is read straight into its own memory.
 *
 * Both throw `BrokenContract` at the first byte that the protocol does not allow; the stream is lost then.
 */
export class MessageReader {
  readonly #targetOf: BlobTarget;
  readonly #unfinished = new Map<number, Unfinished>();
  #header: FrameHeader | undefined;
  #part: 'header' | 'json' | 'binary' = 'header';
  #space: Uint8Array = new Uint8Array(HEADER_BYTES);
  /** Length of the space as it was given: a blob's memory may be given away by its owner while it is filled. */
  #due = HEADER_BYTES;
  #filled = 0;
  /** Bytes of the binary part that are still to come; it is read in pieces where it is dropped. */
  #left = 0;
  #current: Unfinished | undefined;
  #scratch: Uint8Array | undefined;

  constructor(targetOf: BlobTarget = owned) {
    this.#targetOf = targetOf;
  }

  /** Between two messages? An end of stream anywhere else is a broken one. */
  get isIdle(): boolean {
    return this.#part === 'header' && this.#filled === 0 && this.#unfinished.size === 0;
  }

  /** Never empty. */
  space(): Uint8Array {
    if (this.#space.length < this.#due) this.#dropRest();
    return this.#space.subarray(this.#filled);
  }

  /** So many bytes were put at the start of `space`: gives the message that they complete, if they do. */
  commit(bytes: number): Message | undefined {
    this.#filled += bytes;
    if (this.#filled < this.#space.length) return undefined;
    switch (this.#part) {
      case 'header':
        return this.#headerDone();
      case 'json':
        return this.#jsonDone();
      case 'binary':
        return this.#binaryDone();
      default:
        return this.#part satisfies never;
    }
  }

  /** Every message that these bytes complete. */
  push(bytes: Uint8Array): readonly Message[] {
    const messages: Message[] = [];
    for (let at = 0; at < bytes.length; ) {
      const space = this.space();
      const count = Math.min(space.length, bytes.length - at);
      space.set(bytes.subarray(at, at + count));
      at += count;
      const message = this.commit(count);
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  #expect(part: 'header' | 'json' | 'binary', space: Uint8Array): void {
    this.#part = part;
    this.#space = space;
    this.#due = space.length;
    this.#filled = 0;
  }

  #headerDone(): Message | undefined {
    const decoded = decodeHeader(this.#space);
    if (!decoded.ok) throw new BrokenContract(decoded.reason);
    this.#header = decoded.header;
    if (decoded.header.jsonBytes === 0) return this.#begin(decoded.header, {});
    this.#expect('json', new Uint8Array(decoded.header.jsonBytes));
    return undefined;
  }

  #jsonDone(): Message | undefined {
    const header = this.#header as FrameHeader;
    return this.#begin(header, parseFields(this.#space));
  }

  #begin(header: FrameHeader, fields: Fields): Message | undefined {
    const { type, id } = header;
    if (type === 'data') return this.#continue(header);
    const bytes = blobBytes(fields, header.binaryBytes);
    const message = { type, id, fields };
    if (bytes === 0) return this.#finish({ message, bytes, target: undefined, filled: 0 });
    if (this.#unfinished.has(id)) throw new BrokenContract(`two blobs at once under id ${id}`);
    const unfinished = { message, bytes, target: this.#allocate(message, bytes), filled: 0 };
    this.#unfinished.set(id, unfinished);
    return this.#fill(unfinished, header.binaryBytes);
  }

  #continue(header: FrameHeader): Message | undefined {
    const unfinished = this.#unfinished.get(header.id);
    if (unfinished === undefined)
      throw new BrokenContract(`data for id ${header.id}, which has no open blob`);
    if (unfinished.filled + header.binaryBytes > unfinished.bytes)
      throw new BrokenContract(`more data than the blob of ${unfinished.bytes} bytes`);
    return this.#fill(unfinished, header.binaryBytes);
  }

  #allocate(message: Omit<Message, 'blob'>, bytes: number): ReturnType<BlobTarget> {
    try {
      return this.#targetOf(message, bytes);
    } catch (error) {
      if (error instanceof RangeError)
        throw new BrokenContract(`a blob of ${bytes} bytes does not fit into memory`, {
          cause: error,
        });
      throw error;
    }
  }

  #fill(unfinished: Unfinished, bytes: number): Message | undefined {
    this.#current = unfinished;
    this.#left = bytes;
    return this.#nextPiece();
  }

  #nextPiece(): Message | undefined {
    const unfinished = this.#current as Unfinished;
    if (this.#left > 0) {
      this.#expect('binary', this.#pieceOf(unfinished));
      return undefined;
    }
    this.#expect('header', new Uint8Array(HEADER_BYTES));
    if (unfinished.filled < unfinished.bytes) return undefined;
    this.#unfinished.delete(unfinished.message.id);
    return this.#finish(unfinished);
  }

  /** Where the blob's memory is, or where it no longer is, any: the stream goes on behind it. */
  #pieceOf({ target, filled }: Unfinished): Uint8Array {
    const offset = (target?.offset ?? 0) + filled;
    if (target !== undefined && offset + this.#left <= target.buffer.byteLength)
      return new Uint8Array(target.buffer, offset, this.#left);
    this.#scratch ??= new Uint8Array(SCRATCH_BYTES);
    return this.#scratch.subarray(0, Math.min(this.#left, SCRATCH_BYTES));
  }

  #dropRest(): void {
    const unfinished = this.#current as Unfinished;
    unfinished.filled += this.#filled;
    this.#left -= this.#filled;
    this.#expect('binary', this.#pieceOf(unfinished));
  }

  #binaryDone(): Message | undefined {
    const unfinished = this.#current as Unfinished;
    unfinished.filled += this.#space.length;
    this.#left -= this.#space.length;
    return this.#nextPiece();
  }

  #finish({ message, target }: Unfinished): Message {
    this.#expect('header', new Uint8Array(HEADER_BYTES));
    return { ...message, blob: target?.buffer ?? NO_BLOB };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseFields(bytes: Uint8Array): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new BrokenContract('the JSON part of a frame does not parse', { cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new BrokenContract('the JSON part of a frame is no object');
  return parsed as Fields;
}

function blobBytes(fields: Fields, inFrame: number): number {
  if (!Object.hasOwn(fields, 'blob')) return inFrame;
  const { blob } = fields as { blob: unknown };
  if (typeof blob !== 'number' || !Number.isSafeInteger(blob) || blob < inFrame)
    throw new BrokenContract(`a blob of ${String(blob)} bytes cannot begin with ${inFrame}`);
  return blob;
}
