import { BrokenBinary, type ByteSource, ByteView } from './byte-view.js';

/** glibc's dl-cache.h: the magic, then a count at 20 and the length of the strings at 24; entries from 48. */
const MAGIC = 'glibc-ld.so.cache1.1';
const ENTRIES = 48;
const ENTRY = 24;
const MOST = 1_000_000;

/** Paths of libraries by name from `/etc/ld.so.cache`; empty where it is not of that format or damaged. */
export function parseLinkerCache(source: ByteSource): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  try {
    const view = new ByteView(source, true);
    const text = Buffer.from(view.bytes(0, source.size));
    // an old table may come first, followed by the new one at the next multiple of 8
    const start = text.indexOf(MAGIC);
    if (start === -1) return paths;
    const count = view.u32(start + MAGIC.length);
    if (count > MOST) return paths;
    for (let index = 0; index < count; index++) {
      const at = start + ENTRIES + index * ENTRY;
      const name = view.name(start + view.u32(at + 4));
      const path = view.name(start + view.u32(at + 8));
      paths.set(name, [...(paths.get(name) ?? []), path]);
    }
    return paths;
  } catch (error) {
    if (error instanceof BrokenBinary) return new Map();
    throw error;
  }
}
