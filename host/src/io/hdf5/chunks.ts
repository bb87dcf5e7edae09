import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { FaultError, faultIn, REWRITE } from '../bad-file.js';
import {
  address,
  type Cursor,
  cursorAt,
  NOWHERE,
  signature,
  skip,
  take,
  unsigned,
  unsupported,
  version,
} from './cursor.js';

/** How many bytes a dataset has, and what was done to its chunks. */
export interface Wanted {
  readonly length: number;
  readonly steps: readonly FilterStep[];
}

/** deflate packs at most 1032 bytes into one (RFC 1951). */
const DEFLATE_LIMIT = 1032;

/** All chunks of a list of numbers, unpacked. */
export async function readChunks(
  bytes: Uint8Array,
  cursor: Cursor,
  { length, steps }: Wanted,
): Promise<Uint8Array> {
  if (unsigned(cursor, 1) !== 2) throw unsupported('chunks of more than one dimension');
  const root = address(cursor);
  const [perChunk, width] = [unsigned(cursor, 4), unsigned(cursor, 4)];
  const chunkBytes = perChunk * width;
  if (Math.max(length, chunkBytes) > bytes.length * DEFLATE_LIMIT) {
    throw faultIn('HDF5 dataset', `promises ${length} bytes, more than the file can hold`);
  }
  const out = new Uint8Array(length);
  const chunks = root === NOWHERE ? [] : chunksIn(cursorAt(bytes, root));
  let end = 0;
  for (const { start, packed, at, mask } of chunks) {
    if (start * width < end) throw faultIn('HDF5 chunk', 'begins before the end of another');
    end = start * width + chunkBytes;
    const chunk = take(cursorAt(bytes, at, packed), packed);
    const plain = await unfiltered(chunk, { length: chunkBytes, steps, mask });
    const part = plain.subarray(0, Math.max(0, Math.min(chunkBytes, length - start * width)));
    if (part.length > 0) out.set(part, start * width);
  }
  return out;
}

interface Chunk {
  /** Its first element. */
  readonly start: number;
  /** Bytes in the file. */
  readonly packed: number;
  readonly at: number;
  /** Bit n: filter n was left out. */
  readonly mask: number;
}

/** The chunks of one dimension, from a tree of one leaf (III.A.1, nodes of kind 1): ITK writes one chunk. */
function chunksIn(tree: Cursor): Chunk[] {
  signature(tree, 'TREE');
  if (unsigned(tree, 1) !== 1) throw faultIn('HDF5 tree', 'is of the wrong kind');
  if (unsigned(tree, 1) !== 0) throw unsupported('chunks in a tree of several levels');
  const count = unsigned(tree, 2);
  skip(tree, 16);
  return Array.from({ length: count }, () => {
    const [packed, mask, start] = [4, 4, 8].map((bytes) => unsigned(tree, bytes));
    skip(tree, 8);
    return { packed, mask, start, at: address(tree) };
  });
}

export interface FilterStep {
  readonly id: number;
  readonly values: readonly number[];
}

/** IV.A.2.l: what was done to each chunk, in the order of writing. */
export function filterSteps(cursor: Cursor): FilterStep[] {
  const old = version(cursor, 'filter pipeline', [1, 2]) === 1;
  const count = unsigned(cursor, 1);
  if (old) skip(cursor, 6);
  return Array.from({ length: count }, () => {
    const id = unsigned(cursor, 2);
    const name = old || id >= 256 ? unsigned(cursor, 2) : 0;
    skip(cursor, 2);
    const values = unsigned(cursor, 2);
    skip(cursor, old ? Math.ceil(name / 8) * 8 : name);
    const step = { id, values: Array.from({ length: values }, () => unsigned(cursor, 4)) };
    if (old && values % 2 === 1) skip(cursor, 4);
    return step;
  });
}

const inflated = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate);

const FILTER = { deflate: 1, shuffle: 2, checksum: 3 } as const;

async function unfiltered(
  chunk: Uint8Array,
  { length, steps, mask }: Wanted & { readonly mask: number },
): Promise<Uint8Array> {
  let bytes = chunk;
  for (const [n, step] of [...steps.entries()].reverse()) {
    if ((mask >>> n) & 1) continue;
    if (step.id === FILTER.deflate) bytes = await unpacked(bytes, length);
    else if (step.id === FILTER.shuffle) bytes = unshuffled(bytes, step.values[0] ?? 1);
    else if (step.id === FILTER.checksum) bytes = bytes.subarray(0, -4);
    else throw unsupported(`filter ${step.id}`);
  }
  if (bytes.length >= length) return bytes;
  throw faultIn('HDF5 chunk', `has ${bytes.length} bytes, not ${length}`);
}

async function unpacked(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  try {
    return await inflated(bytes, { maxOutputLength: length + 4 });
  } catch (error) {
    const reason = 'is damaged: it cannot be unpacked';
    throw new FaultError({ field: 'HDF5 chunk', reason, remedy: REWRITE }, { cause: error });
  }
}

/** First all first bytes, then all second bytes, and so on, put back together. */
function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / Math.max(1, width));
  const out = new Uint8Array(bytes);
  for (let b = 0; b < width && b < bytes.length; b++) {
    for (let i = 0; i < count; i++) out[i * width + b] = bytes[b * count + i];
  }
  return out;
}
