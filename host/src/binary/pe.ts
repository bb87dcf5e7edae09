import type { BinaryFacts, NeededLibrary } from './binary-facts.js';
import { BrokenBinary, type ByteSource, ByteView } from './byte-view.js';

/** Numbers of the PE/COFF specification. */
const MACHINES: Readonly<Record<number, string>> = {
  332: 'ia32',
  452: 'arm',
  34404: 'x64',
  43620: 'arm64',
  42561: 'arm64ec',
};
const IS_DLL = 0x2000;
const IS_EXECUTABLE = 0x0002;
const PE32_PLUS = 0x20b;
const PE32 = 0x10b;
const EXPORTS = 0;
const IMPORTS = 1;
const DELAYED = 13;
const MOST_LIBRARIES = 4096;
const MOST_NAMES = 1_000_000;

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
  readonly fileSize: number;
}

interface Pe {
  readonly view: ByteView;
  readonly is64: boolean;
  readonly sections: readonly Section[];
  /** Offset of the table of data directories, and how many it has. */
  readonly directories: { readonly at: number; readonly count: number };
}

/** Reads a PE file's headers, imports and exports. Throws `BrokenBinary`. */
export function parsePe(source: ByteSource, withSymbols: boolean): BinaryFacts {
  const view = new ByteView(source, true);
  const at = view.u32(0x3c);
  if (view.u32(at) !== 0x4550) throw new BrokenBinary('has no PE header');
  const coff = at + 4;
  const optional = coff + 20;
  const magic = view.u16(optional);
  if (magic !== PE32 && magic !== PE32_PLUS) throw new BrokenBinary('has no optional header');
  const is64 = magic === PE32_PLUS;
  const countAt = optional + (is64 ? 108 : 92);
  const pe: Pe = {
    view,
    is64,
    sections: readSections(view, optional + view.u16(coff + 16), view.u16(coff + 2)),
    directories: { at: countAt + 4, count: view.u32(countAt) },
  };
  const machine = view.u16(coff);
  const flags = view.u16(coff + 18);
  const kind = (flags & IS_DLL) !== 0 ? 'library' : 'executable';
  return {
    format: 'pe',
    cpu: MACHINES[machine] ?? `pe-machine-${machine}`,
    kind: (flags & IS_EXECUTABLE) === 0 ? 'other' : kind,
    needed: [...readImports(pe), ...readDelayed(pe)],
    runpath: [],
    rpath: [],
    versions: [],
    exports: withSymbols ? readExports(pe) : [],
    imports: [],
  };
}

function readSections(view: ByteView, start: number, count: number): readonly Section[] {
  const sections = Array.from({ length: count }, (_, index) => {
    const at = start + index * 40;
    view.bytes(at, 40);
    const fileSize = view.u32(at + 16);
    const size = Math.max(view.u32(at + 8), fileSize);
    return { address: view.u32(at + 12), size, offset: view.u32(at + 20), fileSize };
  });
  for (const { offset, fileSize } of sections)
    if (fileSize > 0 && offset + fileSize > view.size)
      throw new BrokenBinary(
        `is truncated: a section ends at ${offset + fileSize}, the file at ${view.size}`,
      );
  return sections;
}

/** Where an address relative to the image lies in the file. */
function fileOffset({ sections }: Pe, address: number): number {
  const holder = sections.find((s) => address >= s.address && address < s.address + s.size);
  if (holder === undefined) throw new BrokenBinary(`has nothing at address ${address}`);
  return address - holder.address + holder.offset;
}

/** Offset of a data directory; undefined where there is none. */
function directory(pe: Pe, index: number): number | undefined {
  const { view, directories } = pe;
  if (index >= directories.count) return undefined;
  const address = view.u32(directories.at + index * 8);
  return address === 0 ? undefined : fileOffset(pe, address);
}

/** Import descriptors of 20 bytes, the name's address at 12, ended by zeros. */
const readImports = (pe: Pe): readonly NeededLibrary[] =>
  readLibraries(pe, directory(pe, IMPORTS), { size: 20, nameAt: 12, optional: false });

/** Delay-load descriptors of 32 bytes, the name's address at 4. They are bound at the first call. */
const readDelayed = (pe: Pe): readonly NeededLibrary[] =>
  readLibraries(pe, directory(pe, DELAYED), { size: 32, nameAt: 4, optional: true });

interface Descriptors {
  readonly size: number;
  readonly nameAt: number;
  readonly optional: boolean;
}

function readLibraries(
  pe: Pe,
  start: number | undefined,
  { size, nameAt, optional }: Descriptors,
): readonly NeededLibrary[] {
  const found: NeededLibrary[] = [];
  if (start === undefined) return found;
  for (let index = 0; index < MOST_LIBRARIES; index++) {
    const address = pe.view.u32(start + index * size + nameAt);
    if (address === 0) return found;
    found.push({ name: pe.view.name(fileOffset(pe, address)), versions: [], optional });
  }
  throw new BrokenBinary('has a table of imports without an end');
}

/** The export directory: number of names at 24, address of their table at 32. */
function readExports(pe: Pe): readonly string[] {
  const start = directory(pe, EXPORTS);
  if (start === undefined) return [];
  const count = pe.view.u32(start + 24);
  if (count === 0) return [];
  if (count > MOST_NAMES) throw new BrokenBinary(`exports ${count} names`);
  const names = pe.view.table(fileOffset(pe, pe.view.u32(start + 32)), count * 4);
  return Array.from({ length: count }, (_, index) =>
    pe.view.name(fileOffset(pe, names.getUint32(index * 4, true))),
  );
}
