import { BrokenBinary, type ByteSource, ByteView } from './byte-view.js';

/** glibc's dl-cache.h: the magic, then a count at 20 and the length of the strings at 24; entries from 48. */
const MAGIC = 'glibc-ld.so.cache1.1';
const ENTRIES = 48;
const ENTRY = 24;
const MOST = 1_000_000;
const LONGEST_NAME = 4096;

/** Paths of libraries by name from `/etc/ld.so.cache`; empty where it is not of that format or damaged. */
export function parseLinkerCache(source: ByteSource): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  try {
    const view = new ByteView(source, true);
    // one text, from which every name is a slice: there are thousands, and a start of the host waits for them
    const text = Buffer.from(view.bytes(0, source.size)).toString('latin1');
    // an old table may come first, followed by the new one at the next multiple of 8
    const start = text.indexOf(MAGIC);
    if (start === -1) return paths;
    const count = view.u32(start + MAGIC.length);
    if (count > MOST) return paths;
    const entries = view.table(start + ENTRIES, count * ENTRY);
    for (let at = 0; at < count * ENTRY; at += ENTRY) {
      const name = nameAt(text, start + entries.getUint32(at + 4, true));
      const path = nameAt(text, start + entries.getUint32(at + 8, true));
      const known = paths.get(name);
      if (known === undefined) paths.set(name, [path]);
      else known.push(path);
    }
    return paths;
  } catch (error) {
    if (error instanceof BrokenBinary) return new Map();
    throw error;
  }
}

function nameAt(text: string, offset: number): string {
  const most = text.slice(offset, offset + LONGEST_NAME);
  const end = most.indexOf('\0');
  if (end === -1) throw new BrokenBinary(`a name at ${offset} does not end`);
  return most.slice(0, end);
}
