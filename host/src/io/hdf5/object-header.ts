import { faultIn } from '../bad-file.js';
import {
  address,
  type Cursor,
  cursorAt,
  letters,
  signature,
  skip,
  unsigned,
  unsupported,
  verify,
  version,
} from './cursor.js';

/** What a message of an object header is about. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

/** One message; each call gives a cursor at its start. */
export interface Message {
  readonly type: number;
  body(): Cursor;
}

/** Most blocks of one header, and messages of all of them. */
const MOST = { blocks: 1024, messages: 65536 } as const;

interface Block {
  readonly address: number;
  readonly length: number;
}

/** All messages of the object whose header is at an address (HDF5 file format 3.0, IV.A). Throws its fault. */
export function readHeader(bytes: Uint8Array, at: number): readonly Message[] {
  const isNew = letters(cursorAt(bytes, at, 4), 4) === 'OHDR';
  const { first, take } = isNew ? newHeader(bytes, at) : oldHeader(bytes, at);
  const blocks: Block[] = [first];
  const messages: Message[] = [];
  for (let n = 0; n < blocks.length; n++) {
    for (const message of take(blocks[n], n)) {
      if (message.type === MESSAGE.continuation) blocks.push(blockOf(message.body()));
      else messages.push(message);
    }
    if (blocks.length > MOST.blocks || messages.length > MOST.messages) {
      throw faultIn('HDF5 header', `at byte ${at} has no end`);
    }
  }
  return messages;
}

const blockOf = (cursor: Cursor): Block => ({
  address: address(cursor),
  length: unsigned(cursor, 8),
});

interface Header {
  readonly first: Block;
  readonly take: (block: Block, n: number) => readonly Message[];
}

function oldHeader(bytes: Uint8Array, at: number): Header {
  const cursor = cursorAt(bytes, at, 16);
  version(cursor, 'object header', [1]);
  skip(cursor, 7);
  const first = { address: at + 16, length: unsigned(cursor, 4) };
  const take = (block: Block) => {
    const messages: Message[] = [];
    const inside = cursorAt(bytes, block.address, block.length);
    while (inside.at + 8 <= inside.end && messages.length <= MOST.messages) {
      const [type, length, flags] = [2, 2, 4].map((width) => unsigned(inside, width));
      messages.push(messageOf(inside, type, length, flags));
    }
    return messages;
  };
  return { first, take };
}

function newHeader(bytes: Uint8Array, at: number): Header {
  const cursor = cursorAt(bytes, at);
  signature(cursor, 'OHDR');
  version(cursor, 'object header', [2]);
  const flags = unsigned(cursor, 1);
  if (flags & 0x20) skip(cursor, 16); // times
  if (flags & 0x10) skip(cursor, 4); // limits of compact storage
  const length = unsigned(cursor, 1 << (flags & 3));
  const first = { address: cursor.at, length };
  const ordered = (flags & 4) !== 0;
  const take = (block: Block, n: number) => {
    // Of the first block the checksum covers the prefix too; of a later one its signature.
    const inside = cursorAt(bytes, block.address, n === 0 ? block.length + 4 : block.length);
    if (n > 0) signature(inside, 'OCHK');
    return takeNew(inside, ordered, n === 0 ? at : block.address);
  };
  return { first, take };
}

function takeNew(inside: Cursor, ordered: boolean, begin: number): readonly Message[] {
  const messages: Message[] = [];
  const prefix = ordered ? 6 : 4;
  while (inside.at + prefix <= inside.end - 4 && messages.length <= MOST.messages) {
    const [type, length, flags] = [1, 2, 1].map((width) => unsigned(inside, width));
    if (ordered) skip(inside, 2);
    messages.push(messageOf(inside, type, length, flags));
  }
  skip(inside, inside.end - 4 - inside.at); // a gap too small for a message
  verify(inside, begin);
  return messages;
}

function messageOf(cursor: Cursor, type: number, length: number, flags: number): Message {
  const begin = skip(cursor, length);
  const { bytes } = cursor;
  const body = () => {
    if (flags & 2) throw unsupported('a message shared between objects');
    return cursorAt(bytes, begin, length);
  };
  return { type, body };
}
