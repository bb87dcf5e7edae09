import type { BinaryFacts, NeededLibrary } from './binary-facts.js';
import { BrokenBinary, type ByteSource, ByteView } from './byte-view.js';
import {
  type Elf,
  fileOffset,
  LAYOUT_32,
  LAYOUT_64,
  type Layout,
  type Name,
  PT_LOAD,
  type Segment,
} from './elf-layout.js';
import { readSymbols } from './elf-symbols.js';
import { readDefinedVersions, readNeededVersions } from './elf-versions.js';

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
const PT_DYNAMIC = 2;
const SHT_STRTAB = 3;
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

/** Most entries of the dynamic section; real libraries stay far below. */
const MOST_ENTRIES = 65_536;

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
  for (let at = 0; at + size <= segment.fileSize && entries.length < MOST_ENTRIES; at += size) {
    const tag = layout.word(view, segment.offset + at);
    if (tag === 0) break;
    entries.push([tag, layout.word(view, segment.offset + at + size / 2)]);
  }
  return entries;
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

/** All names of a table as one text, from which each is a slice: a program may define a hundred thousand. */
function namesIn(view: ByteView, start: number, end: number): Name {
  const text = Buffer.from(view.bytes(start, end - start)).toString('latin1');
  return (index) => {
    const last = text.indexOf('\0', index);
    if (index >= text.length || last === -1) throw new BrokenBinary(`has no string ${index}`);
    return text.slice(index, last);
  };
}
