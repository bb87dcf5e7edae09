import { faultIn } from '../bad-file.js';
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
import { denseLinks } from './dense-links.js';
import { MESSAGE, readHeader } from './object-header.js';

/** Addresses of the objects in a group by their names. */
export type Links = ReadonlyMap<string, number>;

/** Most members of a group that are looked at. */
const MOST_LINKS = 65536;

/** The members of the group whose header is at an address; none for what is no group. Throws its fault. */
export function readLinks(bytes: Uint8Array, at: number): Links {
  const links = new Map<string, number>();
  let count = 0;
  for (const message of readHeader(bytes, at)) {
    for (const [name, target] of linksIn(bytes, message.type, message.body)) {
      links.set(name, target);
      if (++count > MOST_LINKS) throw unsupported('a group without end');
    }
  }
  return links;
}

type Found = Iterable<readonly [name: string, address: number]>;

function linksIn(bytes: Uint8Array, type: number, body: () => Cursor): Found {
  if (type === MESSAGE.symbolTable) return tableLinks(bytes, body());
  if (type === MESSAGE.link) return [linkOf(body())];
  if (type === MESSAGE.linkInfo) return infoLinks(bytes, body());
  return [];
}

/** A link message, or the same in a heap (IV.A.2.g). */
function linkOf(cursor: Cursor): readonly [name: string, address: number] {
  version(cursor, 'link', [1]);
  const flags = unsigned(cursor, 1);
  const type = flags & 8 ? unsigned(cursor, 1) : 0;
  if (flags & 4) skip(cursor, 8);
  if (flags & 16) skip(cursor, 1);
  const name = textOf(take(cursor, unsigned(cursor, 1 << (flags & 3))));
  if (type !== 0) throw unsupported(`a link "${name}" to elsewhere`);
  return [name, address(cursor)];
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function infoLinks(bytes: Uint8Array, cursor: Cursor): Found {
  version(cursor, 'link info', [0]);
  if (unsigned(cursor, 1) & 1) skip(cursor, 8);
  const [heap, index] = [address(cursor), address(cursor)];
  return heap === NOWHERE ? [] : denseLinks(bytes, heap, index).map(linkOf);
}

/** Groups as HDF5 1.6 writes them: a tree of nodes of symbols, whose names are in a heap. */
function* tableLinks(
  bytes: Uint8Array,
  table: Cursor,
): Generator<readonly [name: string, address: number]> {
  const [tree, heapAt] = [address(table), address(table)];
  const heap = cursorAt(bytes, heapAt);
  signature(heap, 'HEAP');
  version(heap, 'local heap', [0]);
  skip(heap, 3);
  const length = unsigned(heap, 8);
  skip(heap, 8);
  const names = take(cursorAt(bytes, address(heap), length), length);
  const nameAt = (offset: number) => {
    const end = names.indexOf(0, offset);
    if (!(offset < names.length) || end === -1) throw faultIn('HDF5 heap', 'has no such name');
    return textOf(names.subarray(offset, end));
  };
  for (const leaf of treeLeaves(bytes, tree, 0)) yield* symbols(cursorAt(bytes, leaf), nameAt);
}

function symbols(
  cursor: Cursor,
  nameAt: (offset: number) => string,
): (readonly [name: string, address: number])[] {
  signature(cursor, 'SNOD');
  version(cursor, 'symbol table', [1]);
  skip(cursor, 1);
  return Array.from({ length: unsigned(cursor, 2) }, () => {
    const name = nameAt(unsigned(cursor, 8));
    const target = address(cursor);
    skip(cursor, 24);
    return [name, target] as const;
  });
}

/** Deepest tree and most nodes that are followed. */
const TREE = { depth: 8, nodes: 4096 } as const;

/** Addresses that the leaves of a version 1 tree of groups give, in order (III.A.1). */
function treeLeaves(bytes: Uint8Array, root: number, kind: number): readonly number[] {
  let level: readonly number[] = [root];
  for (let depth = 0; depth < TREE.depth && level.length <= TREE.nodes; depth++) {
    const below: number[] = [];
    let height = 0;
    for (const at of level) {
      const node = treeNode(cursorAt(bytes, at), kind);
      height = Math.max(height, node.height);
      below.push(...node.children.slice(0, TREE.nodes));
      if (below.length > TREE.nodes) break;
    }
    if (height === 0) return below;
    level = below;
  }
  throw faultIn('HDF5 tree', `at byte ${root} has no end`);
}

function treeNode(cursor: Cursor, kind: number): { height: number; children: number[] } {
  signature(cursor, 'TREE');
  if (unsigned(cursor, 1) !== kind) throw faultIn('HDF5 tree', 'is of the wrong kind');
  const height = unsigned(cursor, 1);
  const count = unsigned(cursor, 2);
  skip(cursor, 16);
  const children = Array.from({ length: count }, () => {
    skip(cursor, 8);
    return address(cursor);
  });
  return { height, children };
}
