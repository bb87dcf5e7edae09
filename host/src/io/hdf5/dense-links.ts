import { faultIn } from '../bad-file.js';
import {
  address,
  type Cursor,
  cursorAt,
  signature,
  skip,
  take,
  unsigned,
  unsupported,
  verify,
  version,
} from './cursor.js';

/**
 * The link messages of a group with many members: a tree gives their places in a fractal heap (HDF5 file format
 * 3.0, III.A.2 and III.G). Throws its fault.
 */
export function denseLinks(bytes: Uint8Array, heapAt: number, treeAt: number): Cursor[] {
  const heap = readHeap(bytes, heapAt);
  return treeIds(bytes, treeAt).map((id) => objectIn(bytes, heap, id));
}

interface Heap {
  /** Bytes of an offset in an ID. */
  readonly offsetWidth: number;
  readonly lengthWidth: number;
  readonly tableWidth: number;
  readonly startSize: number;
  readonly largestDirect: number;
  readonly root: number;
  /** Rows of the root; 0 when it is a block of data itself. */
  readonly rows: number;
}

const bytesOf = (bits: number): number => Math.ceil(bits / 8);

function readHeap(bytes: Uint8Array, at: number): Heap {
  const cursor = cursorAt(bytes, at);
  signature(cursor, 'FRHP');
  version(cursor, 'fractal heap', [0]);
  skip(cursor, 2);
  if (unsigned(cursor, 2) !== 0) throw unsupported('a compressed heap');
  skip(cursor, 1);
  const largestManaged = unsigned(cursor, 4);
  skip(cursor, 12 * 8); // counts and places that no reader needs
  const tableWidth = unsigned(cursor, 2);
  const [startSize, largestDirect] = [unsigned(cursor, 8), unsigned(cursor, 8)];
  const offsetWidth = bytesOf(unsigned(cursor, 2));
  skip(cursor, 2);
  const root = address(cursor);
  const rows = unsigned(cursor, 2);
  verify(cursor, at);
  // As H5HF_hdr_finish_init: what holds the offset in a block, or the longest object if that is less.
  const lengthWidth = Math.min(
    bytesOf(Math.floor(Math.log2(largestDirect))),
    Math.floor(Math.log2(largestManaged) / 8) + 1,
  );
  return { offsetWidth, lengthWidth, tableWidth, startSize, largestDirect, root, rows };
}

/** The heap IDs of all links, from a tree of one leaf: some 45 of them. */
function treeIds(bytes: Uint8Array, at: number): Uint8Array[] {
  const cursor = cursorAt(bytes, at);
  signature(cursor, 'BTHD');
  version(cursor, 'tree', [0]);
  if (unsigned(cursor, 1) !== 5) throw faultIn('HDF5 tree', 'is not one of names');
  skip(cursor, 4);
  const record = unsigned(cursor, 2);
  if (unsigned(cursor, 2) > 0) throw unsupported('a group of more members than one leaf holds');
  skip(cursor, 2);
  const root = address(cursor);
  const count = unsigned(cursor, 2);
  skip(cursor, 8);
  verify(cursor, at);
  if (count === 0) return [];
  const leaf = cursorAt(bytes, root);
  signature(leaf, 'BTLF');
  skip(leaf, 2);
  const ids = Array.from({ length: count }, () => take(leaf, record).subarray(4)); // behind a hash
  verify(leaf, root);
  return ids;
}

function objectIn(bytes: Uint8Array, heap: Heap, id: Uint8Array): Cursor {
  const cursor = cursorAt(id, 0);
  if ((unsigned(cursor, 1) & 0xf0) !== 0) throw unsupported('a link outside its heap');
  const offset = unsigned(cursor, heap.offsetWidth);
  const length = unsigned(cursor, heap.lengthWidth);
  const block = blockWith(bytes, heap, offset);
  return cursorAt(bytes, block.address + (offset - block.offset), length);
}

/** The block of data that holds an offset: the root, or one in the rows that the root lists. */
function blockWith(
  bytes: Uint8Array,
  heap: Heap,
  offset: number,
): { readonly address: number; readonly offset: number } {
  if (heap.rows === 0) return directBlock(bytes, heap.root, 0);
  const cursor = cursorAt(bytes, heap.root);
  signature(cursor, 'FHIB');
  skip(cursor, 1 + 8 + heap.offsetWidth);
  let begin = 0;
  for (let row = 0; row < heap.rows; row++) {
    const size = heap.startSize * 2 ** Math.max(0, row - 1);
    if (size > heap.largestDirect) break;
    for (let n = 0; n < heap.tableWidth; n++) {
      const at = address(cursor);
      if (offset < begin + size) return directBlock(bytes, at, begin);
      begin += size;
    }
  }
  throw unsupported('a group of more members than one table holds');
}

function directBlock(bytes: Uint8Array, at: number, offset: number) {
  signature(cursorAt(bytes, at), 'FHDB');
  return { address: at, offset };
}
