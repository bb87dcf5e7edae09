import { closeSync } from 'node:fs';
import { BrokenBinary, type ByteSource } from '../binary/byte-view.js';
import { openRegular, readFully } from './open-regular.js';

const BLOCK = 64 * 1024;

/** A file on disk, of which only the blocks that are asked for are read, each once. */
export function openBytes(path: string): ByteSource & Disposable {
  const { descriptor, stats } = openRegular(path);
  const { size } = stats;
  const blocks = new Map<number, Uint8Array>();
  const block = (index: number): Uint8Array => {
    let held = blocks.get(index);
    if (held === undefined) {
      held = new Uint8Array(Math.min(BLOCK, size - index * BLOCK));
      if (readFully(descriptor, held, index * BLOCK) < held.length)
        throw new BrokenBinary('became shorter while it was read');
      blocks.set(index, held);
    }
    return held;
  };
  return {
    size,
    read(offset, length) {
      const first = Math.floor(offset / BLOCK);
      const within = offset - first * BLOCK;
      if (length > 0 && within + length <= BLOCK)
        return block(first).subarray(within, within + length);
      const bytes = new Uint8Array(length);
      if (readFully(descriptor, bytes, offset) < length)
        throw new BrokenBinary('became shorter while it was read');
      return bytes;
    },
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}
