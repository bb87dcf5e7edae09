import { lookup3 } from './checksum.js';

/** What a file holds: groups of groups, of lists of numbers and of texts (ASCII). */
export type Hdf5Node =
  | { readonly kind: 'group'; readonly members: readonly (readonly [string, Hdf5Node])[] }
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly text: string };

/** Bytes of the superblock of version 2, after which the first object begins. */
const SUPERBLOCK = 48;

/** Encodes a file as HDF5 since 1.8 reads it: superblock 2, object headers 2, data in one piece, texts in a heap. */
export function encodeHdf5(root: Hdf5Node): Uint8Array {
  const pieces: Uint8Array[] = [];
  let end = SUPERBLOCK;
  const append = (piece: Uint8Array): number => {
    pieces.push(piece);
    end += piece.length;
    return end - piece.length;
  };
  const heap = append(textHeap(textsIn(root)));
  let texts = 0;
  const reference = (text: string) =>
    bytes(number(text.length, 4), number(heap, 8), number(++texts, 4));
  const at = appendNode(root, { append, reference });
  return Buffer.concat([superblock(at, end), ...pieces]);
}

interface Output {
  /** Appends bytes to the file; gives their address. */
  append(piece: Uint8Array): number;
  /** Where the next text is in the heap. */
  reference(text: string): Uint8Array;
}

function appendNode(node: Hdf5Node, output: Output): number {
  switch (node.kind) {
    case 'group': {
      const links = node.members.map(([name, member]) =>
        linkMessage(name, appendNode(member, output)),
      );
      return output.append(header([LINK_INFO, GROUP_INFO, ...links]));
    }
    case 'numbers': {
      const data = float64Bytes(node.values);
      return appendData(output, data, { type: FLOAT64, count: node.values.length });
    }
    case 'text':
      return appendData(output, output.reference(node.text), { type: TEXT, count: 1 });
    default:
      return node satisfies never;
  }
}

/** All texts in the order in which `appendNode` meets them. */
function textsIn(node: Hdf5Node): string[] {
  if (node.kind === 'group') return node.members.flatMap(([, member]) => textsIn(member));
  return node.kind === 'text' ? [node.text] : [];
}

/** Smallest global heap of libhdf5 (H5HG_MINSIZE). */
const SMALLEST_HEAP = 4096;

/** One global heap with all texts, numbered from 1 (III.E): ITK reads texts of any length only. */
function textHeap(texts: readonly string[]): Uint8Array {
  const objects = texts.map((text, n) => {
    const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8);
    padded.write(text, 'latin1');
    return bytes(number(n + 1, 2), [1, 0], number(0, 4), number(text.length, 8), padded);
  });
  const used = 16 + objects.reduce((sum, { length }) => sum + length, 0);
  const size = Math.max(SMALLEST_HEAP, used + 16);
  const free = Buffer.alloc(size - used);
  free.set(number(free.length, 8), 8);
  return bytes(Buffer.from('GCOL'), [1, 0, 0, 0], number(size, 8), ...objects, free);
}

function appendData(
  { append }: Output,
  data: Uint8Array,
  { type, count }: { readonly type: Uint8Array; readonly count: number },
): number {
  const at = data.length === 0 ? NOWHERE : number(append(data), 8);
  const layout = bytes([3, 1], at, number(data.length, 8));
  const space = bytes([2, 1, 0, 1], number(count, 8));
  return append(
    header([
      message(0x01, space),
      message(0x03, type),
      message(0x05, bytes([3, 0x0a])), // fill value: none; space is made late
      message(0x08, layout),
    ]),
  );
}

const NOWHERE = new Uint8Array(8).fill(0xff);

function float64Bytes(values: Float64Array): Uint8Array {
  const out = new Uint8Array(values.length * 8);
  const view = new DataView(out.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return out;
}

const bytes = (...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Uint8Array.from(part)));

/** Little-endian, of 1 to 8 bytes. */
const number = (value: number, width: number): Uint8Array =>
  Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);

const message = (type: number, body: Uint8Array): Uint8Array =>
  bytes([type], number(body.length, 2), [0], body);

/** No heap and no index: the links are in the header. */
const LINK_INFO = message(0x02, bytes([0, 0], NOWHERE, NOWHERE));
const GROUP_INFO = message(0x0a, bytes([0, 0]));

/** IEEE float64, little-endian: class, bits, size, then where sign, exponent and mantissa lie. */
const FLOAT64 = bytes([0x11, 0x20, 0x3f, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0]);

/** ASCII of any length: 16 bytes that refer to a heap of whole numbers of 8 bits. */
const TEXT = bytes([0x19, 1, 0, 0, 16, 0, 0, 0], [0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]);

function linkMessage(name: string, at: number): Uint8Array {
  const letters = Buffer.from(name, 'latin1');
  return message(0x06, bytes([1, 0, letters.length], letters, number(at, 8)));
}

/** An object header of version 2 in one block, whose length has 4 bytes. */
function header(messages: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(messages);
  return sealed(bytes(Buffer.from('OHDR'), [2, 2], number(body.length, 4), body));
}

function superblock(root: number, end: number): Uint8Array {
  const front = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
  return sealed(bytes(front, [2, 8, 8, 0], number(0, 8), NOWHERE, number(end, 8), number(root, 8)));
}

const sealed = (piece: Uint8Array): Uint8Array => bytes(piece, number(lookup3(piece), 4));
