import { BrokenBinary, type ByteView } from './byte-view.js';
import type { Elf, Layout, Name } from './elf-layout.js';

/** Most symbols that are read; real libraries stay far below. */
const MOST = 1_000_000;

/** Offsets in the file of what tells of symbols, as far as there is such. */
interface SymbolTables {
  readonly symbols: number | undefined;
  readonly hash: number | undefined;
  readonly gnuHash: number | undefined;
}

/** Names that are defined, and names that must be found elsewhere. */
export function readSymbols(
  { view, layout }: Elf,
  tables: SymbolTables,
  name: Name,
): { readonly exports: readonly string[]; readonly imports: readonly string[] } {
  const count = countSymbols(view, layout, tables);
  if (tables.symbols === undefined || count <= 1) return { exports: [], imports: [] };
  const exports: string[] = [];
  const imports: string[] = [];
  const table = view.table(tables.symbols, count * layout.symbol);
  const [infoAt, sectionAt] = layout.is64 ? [4, 6] : [12, 14];
  for (let index = 1; index < count; index++) {
    const at = index * layout.symbol;
    const binding = table.getUint8(at + infoAt) >> 4;
    const isDefined = table.getUint16(at + sectionAt, view.littleEndian) !== 0;
    const text = () => name(table.getUint32(at, view.littleEndian));
    if (isDefined) exports.push(text());
    else if (binding === 1) imports.push(text()); // weak ones may stay undefined
  }
  return { exports, imports };
}

/** The dynamic section tells no number of symbols; the hash tables imply it. */
function countSymbols(view: ByteView, layout: Layout, { hash, gnuHash }: SymbolTables): number {
  if (hash !== undefined) return Math.min(view.u32(hash + 4), MOST);
  return gnuHash === undefined ? 0 : countGnuHash(view, layout, gnuHash);
}

/** Buckets point at the first symbol of a chain; the last of a chain has its lowest bit set. */
function countGnuHash(view: ByteView, layout: Layout, start: number): number {
  const buckets = view.u32(start);
  const first = view.u32(start + 4);
  const blooms = view.u32(start + 8);
  const bucketsAt = start + 16 + blooms * (layout.is64 ? 8 : 4);
  const table = view.table(bucketsAt, buckets * 4);
  let last = 0;
  for (let i = 0; i < buckets; i++)
    last = Math.max(last, table.getUint32(i * 4, view.littleEndian));
  if (last < first) return first;
  const chains = bucketsAt + buckets * 4;
  for (; last - first < MOST; last++)
    if ((view.u32(chains + (last - first) * 4) & 1) === 1) return last + 1;
  throw new BrokenBinary('has a hash chain without an end');
}
