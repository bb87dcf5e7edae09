import { faultIn } from '../bad-file.js';
import { HOST_IS_LITTLE_ENDIAN, swapBytes } from '../stored-type.js';
import { filterSteps, readChunks, type Wanted } from './chunks.js';
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
import { MESSAGE, type Message, readHeader } from './object-header.js';

/** Most numbers of one dataset: a displacement field of 447^3. */
const MOST_NUMBERS = 2 ** 28;

/** The floating-point numbers of the dataset whose header is at an address. Throws its fault. */
export async function readNumbers(bytes: Uint8Array, at: number): Promise<Float64Array> {
  const { type, count, raw } = await readDataset(bytes, at);
  if (type.kind !== 'float') throw faultIn('HDF5 dataset', `at byte ${at} has no real numbers`);
  const own = new Uint8Array(raw.subarray(0, count * type.size)); // aligned
  if (type.little !== HOST_IS_LITTLE_ENDIAN) swapBytes(own, type.size);
  return type.size === 8
    ? new Float64Array(own.buffer)
    : Float64Array.from(new Float32Array(own.buffer));
}

/** The first text of a dataset. Throws its fault. */
export async function readText(bytes: Uint8Array, at: number): Promise<string> {
  const { type, count, raw } = await readDataset(bytes, at);
  if (count < 1 || type.kind === 'float') {
    throw faultIn('HDF5 dataset', `at byte ${at} has no text`);
  }
  const text = type.kind === 'text' ? raw.subarray(0, type.size) : heapObject(bytes, raw);
  return Buffer.from(text).toString('utf8').replace(/\0.*$/s, '').trimEnd();
}

interface Dataset {
  readonly type: DataType;
  readonly count: number;
  /** Bytes of all elements. */
  readonly raw: Uint8Array;
}

async function readDataset(bytes: Uint8Array, at: number): Promise<Dataset> {
  const messages = readHeader(bytes, at);
  const find = (wanted: number) => messages.find((message: Message) => message.type === wanted);
  const body = (wanted: number) => {
    const found = find(wanted);
    if (found === undefined) throw faultIn('HDF5 dataset', `at byte ${at} is none`);
    return found.body();
  };
  const type = dataType(body(MESSAGE.datatype));
  const count = elementCount(body(MESSAGE.dataspace));
  const filters = find(MESSAGE.filters);
  const steps = filters === undefined ? [] : filterSteps(filters.body());
  const raw = await rawBytes(bytes, body(MESSAGE.layout), { length: count * type.size, steps });
  return { type, count, raw };
}

/** Elements of a scalar or of one or more dimensions (IV.A.2.b). */
function elementCount(cursor: Cursor): number {
  const old = version(cursor, 'dataspace', [1, 2]) === 1;
  const rank = unsigned(cursor, 1);
  skip(cursor, 1);
  const kind = old ? 1 : unsigned(cursor, 1);
  if (old) skip(cursor, 5);
  let count = kind === 2 ? 0 : 1;
  for (let axis = 0; axis < rank; axis++) count *= unsigned(cursor, 8);
  if (count <= MOST_NUMBERS) return count;
  throw faultIn('HDF5 dataspace', `has ${count} elements`);
}

type DataType =
  | { readonly kind: 'float'; readonly size: 4 | 8; readonly little: boolean }
  | { readonly kind: 'text'; readonly size: number }
  /** Text of any length, in a heap. */
  | { readonly kind: 'long-text'; readonly size: 16 };

/** IV.A.2.d: the class, its bits, and bytes per element. */
function dataType(cursor: Cursor): DataType {
  const kind = unsigned(cursor, 1) & 15;
  const bits = unsigned(cursor, 3);
  const size = unsigned(cursor, 4);
  if (kind === 1 && (size === 4 || size === 8) && !(bits & 0x40)) {
    return { kind: 'float', size, little: (bits & 1) === 0 };
  }
  if (kind === 3 && size >= 1) return { kind: 'text', size };
  if (kind === 9 && (bits & 15) === 1 && size === 16) return { kind: 'long-text', size };
  throw unsupported(`elements of class ${kind} and ${size} bytes`);
}

/** The text that 16 bytes point to: length, address of a global heap, and number in it (III.E). */
function heapObject(bytes: Uint8Array, reference: Uint8Array): Uint8Array {
  const pointer = cursorAt(reference, 0);
  const length = unsigned(pointer, 4);
  const at = address(pointer);
  const wanted = unsigned(pointer, 4);
  const head = cursorAt(bytes, at);
  signature(head, 'GCOL');
  version(head, 'global heap', [1]);
  skip(head, 3);
  const heap = cursorAt(bytes, at, unsigned(head, 8));
  skip(heap, 16);
  while (heap.at + 16 <= heap.end) {
    const index = unsigned(heap, 2);
    skip(heap, 6);
    const size = unsigned(heap, 8);
    if (index === 0) break;
    if (index === wanted) return take(heap, Math.min(length, size));
    skip(heap, Math.ceil(size / 8) * 8);
  }
  throw faultIn('HDF5 heap', `at byte ${at} has no text ${wanted}`);
}

/** IV.A.2.i: inside the header, in one piece, or in chunks. */
async function rawBytes(bytes: Uint8Array, cursor: Cursor, wanted: Wanted): Promise<Uint8Array> {
  const { length } = wanted;
  const newest = version(cursor, 'layout', [3, 4]) === 4;
  const kind = unsigned(cursor, 1);
  if (kind === 0) return take(cursorOf(cursor, unsigned(cursor, 2)), length);
  if (kind === 1) {
    const at = address(cursor);
    return at === NOWHERE && length === 0 ? new Uint8Array(0) : take(cursorAt(bytes, at), length);
  }
  if (kind === 2 && !newest) return readChunks(bytes, cursor, wanted);
  throw unsupported(newest ? 'a layout of HDF5 1.10' : `layout ${kind}`);
}

const cursorOf = (cursor: Cursor, length: number): Cursor =>
  cursorAt(cursor.bytes, skip(cursor, length), length);
