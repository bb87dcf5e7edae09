import type { BinaryFacts, NeededLibrary } from './binary-facts.js';
import { BrokenBinary, type ByteSource, ByteView } from './byte-view.js';

/** Numbers of the ELF specification (System V ABI, chapters 4 and 5) and of its GNU extensions. */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};
const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const SHT_STRTAB = 3;
const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;
const DT = {
  needed: 1,
  hash: 4,
  strtab: 5,
  symtab: 6,
  strsz: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  verdef: 0x6ffffffc,
  verneed: 0x6ffffffe,
} as const;

/** Most entries of any chain or table; real libraries stay far below. */
const MOST = 1_000_000;
const MOST_VERSIONS = 65_536;

/** Sizes and offsets that differ between 32 and 64 bits. */
interface Layout {
  readonly is64: boolean;
  readonly header: number;
  readonly programHeader: number;
  readonly symbol: number;
  word(view: ByteView, offset: number): number;
}

const LAYOUT_64: Layout = {
  is64: true,
  header: 64,
  programHeader: 56,
  symbol: 24,
  word: (view, offset) => view.u64(offset),
};
const LAYOUT_32: Layout = {
  is64: false,
  header: 52,
  programHeader: 32,
  symbol: 16,
  word: (view, offset) => view.u32(offset),
};

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

interface Elf {
  readonly view: ByteView;
  readonly layout: Layout;
  readonly segments: readonly Segment[];
}

/** Reads an ELF file's headers and dynamic section as the loader would. Throws `BrokenBinary`. */
export function parseElf(source: ByteSource, withSymbols: boolean): BinaryFacts {
  const ident = source.read(0, Math.min(16, source.size));
  const layout = ident[4] === 2 ? LAYOUT_64 : LAYOUT_32;
  if (ident[4] !== 1 && ident[4] !== 2) throw new BrokenBinary('is neither 32 nor 64 bits');
  if (ident[5] !== 1 && ident[5] !== 2) throw new BrokenBinary('has no byte order');
  const view = new ByteView(source, ident[5] === 1);
  view.bytes(0, layout.header);
  const elf: Elf = { view, layout, segments: readSegments(view, layout) };
  checkSections(elf);
  const dynamic = readDynamic(elf);
  const type = view.u16(16);
  return {
    format: 'elf',
    cpu: cpuOf(view),
    kind: type === ET_EXEC ? 'executable' : type === ET_DYN ? 'library' : 'other',
    ...describeDynamic(elf, dynamic, withSymbols),
  };
}

/** Only little-endian code runs under the names that Node.js uses, but for s390x and its kin. */
function cpuOf(view: ByteView): string {
  const machine = view.u16(18);
  const name = MACHINES[machine] ?? `elf-machine-${machine}`;
  return view.littleEndian || name === 's390x' ? name : `${name}-big-endian`;
}

function readSegments(view: ByteView, layout: Layout): readonly Segment[] {
  const { is64, programHeader } = layout;
  const start = layout.word(view, is64 ? 32 : 28);
  const entry = view.u16(is64 ? 54 : 42);
  const count = view.u16(is64 ? 56 : 44);
  if (count > 0 && entry < programHeader) throw new BrokenBinary('has too short program headers');
  const segments = Array.from({ length: count }, (_, index) => {
    const at = start + index * entry;
    view.bytes(at, programHeader);
    return {
      type: view.u32(at),
      offset: layout.word(view, at + (is64 ? 8 : 4)),
      address: layout.word(view, at + (is64 ? 16 : 8)),
      fileSize: layout.word(view, at + (is64 ? 32 : 16)),
    };
  });
  for (const { type, offset, fileSize } of segments)
    if (type === PT_LOAD && offset + fileSize > view.size)
      throw new BrokenBinary(
        `is truncated: a segment ends at ${offset + fileSize}, the file at ${view.size}`,
      );
  return segments;
}

/** The table of sections is the last thing a linker writes: cut or zeroed, and the file is not what was built. */
function checkSections({ view, layout }: Elf): void {
  const { is64, word } = layout;
  const start = word(view, is64 ? 40 : 32);
  if (start === 0) return;
  const entry = view.u16(is64 ? 58 : 46);
  const count = view.u16(is64 ? 60 : 48);
  const names = view.u16(is64 ? 62 : 50);
  if (start + entry * count > view.size)
    throw new BrokenBinary(
      `is truncated: its sections end at ${start + entry * count}, the file at ${view.size}`,
    );
  if (names !== 0 && names < count && view.u32(start + names * entry + 4) !== SHT_STRTAB)
    throw new BrokenBinary('has a damaged table of sections');
}

/** Tags with their values, in order. */
type Dynamic = readonly (readonly [tag: number, value: number])[];

function readDynamic({ view, layout, segments }: Elf): Dynamic {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return [];
  const size = layout.is64 ? 16 : 8;
  const entries: [number, number][] = [];
  for (let at = 0; at + size <= segment.fileSize && entries.length < MOST_VERSIONS; at += size) {
    const tag = layout.word(view, segment.offset + at);
    if (tag === 0) break;
    entries.push([tag, layout.word(view, segment.offset + at + size / 2)]);
  }
  return entries;
}

/** Where an address of the loaded image lies in the file. */
function fileOffset({ segments }: Elf, address: number): number {
  const holder = segments.find(
    ({ type, address: start, fileSize }) =>
      type === PT_LOAD && address >= start && address < start + fileSize,
  );
  if (holder === undefined) throw new BrokenBinary(`has nothing at address ${address}`);
  return address - holder.address + holder.offset;
}

type DynamicFacts = Omit<BinaryFacts, 'format' | 'cpu' | 'kind'>;

function describeDynamic(elf: Elf, dynamic: Dynamic, withSymbols: boolean): DynamicFacts {
  const first = (tag: number) => dynamic.find(([each]) => each === tag)?.[1];
  const all = (tag: number) => dynamic.filter(([each]) => each === tag).map(([, value]) => value);
  const table = first(DT.strtab);
  const nothing = { needed: [], runpath: [], rpath: [], versions: [], exports: [], imports: [] };
  if (table === undefined) return nothing;
  const strings = fileOffset(elf, table);
  const stringsEnd = strings + (first(DT.strsz) ?? 0);
  const name = (index: number): string => {
    if (strings + index >= stringsEnd) throw new BrokenBinary(`has no string ${index}`);
    return elf.view.name(strings + index);
  };
  const at = (tag: number): number | undefined => {
    const address = first(tag);
    return address === undefined ? undefined : fileOffset(elf, address);
  };
  const wanted = readNeededVersions(elf.view, at(DT.verneed), name);
  const soname = first(DT.soname);
  const paths = (tag: number) => all(tag).flatMap((index) => name(index).split(':'));
  return {
    ...(soname === undefined ? {} : { soname: name(soname) }),
    needed: all(DT.needed).map((index): NeededLibrary => {
      const library = name(index);
      return { name: library, versions: wanted.get(library) ?? [], optional: false };
    }),
    runpath: paths(DT.runpath),
    rpath: paths(DT.rpath),
    versions: readDefinedVersions(elf.view, at(DT.verdef), name),
    ...(withSymbols
      ? readSymbols(
          elf,
          { symbols: at(DT.symtab), hash: at(DT.hash), gnuHash: at(DT.gnuHash) },
          namesIn(elf.view, strings, Math.min(stringsEnd, elf.view.size)),
        )
      : { exports: [], imports: [] }),
  };
}

type Name = (index: number) => string;

/** All names of a table as one text, from which each is a slice: a program may define a hundred thousand. */
function namesIn(view: ByteView, start: number, end: number): Name {
  const text = Buffer.from(view.bytes(start, end - start)).toString('latin1');
  return (index) => {
    const last = text.indexOf('\0', index);
    if (index >= text.length || last === -1) throw new BrokenBinary(`has no string ${index}`);
    return text.slice(index, last);
  };
}

/** Elf_Verneed: version 2, count 2, file 4, aux 4, next 4; Elf_Vernaux: hash 4, flags 2, other 2, name 4, next 4. */
function readNeededVersions(
  view: ByteView,
  start: number | undefined,
  name: Name,
): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, readonly string[]>();
  for (const at of chain(view, start, 12)) {
    const versions: string[] = [];
    for (const aux of chain(view, at + view.u32(at + 8), 12, view.u16(at + 2)))
      if ((view.u16(aux + 4) & VER_FLG_WEAK) === 0) versions.push(name(view.u32(aux + 8)));
    wanted.set(name(view.u32(at + 4)), versions);
  }
  return wanted;
}

/** Elf_Verdef: version 2, flags 2, index 2, count 2, hash 4, aux 4, next 4; its first Elf_Verdaux starts with the name. */
function readDefinedVersions(
  view: ByteView,
  start: number | undefined,
  name: Name,
): readonly string[] {
  const versions: string[] = [];
  for (const at of chain(view, start, 16))
    if ((view.u16(at + 2) & VER_FLG_BASE) === 0)
      versions.push(name(view.u32(at + view.u32(at + 12))));
  return versions;
}

/** Offsets of a chain's members; `next` is relative and 0 at the end. A chain that leads in a circle is cut. */
function* chain(
  view: ByteView,
  start: number | undefined,
  next: number,
  most: number = MOST_VERSIONS,
): Generator<number> {
  let at = start;
  for (let count = 0; at !== undefined && count < most; count++) {
    yield at;
    const step = view.u32(at + next);
    at = step === 0 ? undefined : at + step;
  }
}

interface SymbolTables {
  readonly symbols: number | undefined;
  readonly hash: number | undefined;
  readonly gnuHash: number | undefined;
}

function readSymbols(
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
