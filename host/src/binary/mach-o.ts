import type { BinaryFacts, NeededLibrary } from './binary-facts.js';
import { BrokenBinary, type ByteSource, ByteView } from './byte-view.js';

/** Numbers of <mach-o/loader.h>, <mach-o/fat.h>, <mach-o/nlist.h> and <mach/machine.h>. */
const MACHINES: Readonly<Record<number, string>> = {
  7: 'ia32',
  12: 'arm',
  18: 'ppc',
  16777223: 'x64',
  16777228: 'arm64',
  16777234: 'ppc64',
};
const MAGIC_32 = 0xfeedface;
const MAGIC_64 = 0xfeedfacf;
const FAT_32 = 0xcafebabe;
const FAT_64 = 0xcafebabf;
const KINDS: Readonly<Record<number, BinaryFacts['kind']>> = {
  2: 'executable',
  6: 'library',
  8: 'library', // a bundle, what Node.js addons are
};
const LC = {
  symtab: 2,
  loadDylib: 0xc,
  idDylib: 0xd,
  segment32: 1,
  segment64: 0x19,
  loadWeakDylib: 0x80000018,
  rpath: 0x8000001c,
  reexportDylib: 0x8000001f,
  loadUpwardDylib: 0x80000023,
  versionMinMacos: 0x24,
  buildVersion: 0x32,
} as const;
const PLATFORM_MACOS = 1;
const MOST_SLICES = 64;
const MOST_COMMANDS = 65_536;
const MOST_SYMBOLS = 4_000_000;

/** Is this the first word, big-endian, of a fat file? Java's classes share it, but state a far larger number. */
const isFat = (magic: number): boolean => magic === FAT_32 || magic === FAT_64;

/** Reads every slice of a Mach-O file. Throws `BrokenBinary`. */
export function parseMachO(source: ByteSource, withSymbols: boolean): readonly BinaryFacts[] {
  const view = new ByteView(source, false);
  const magic = view.u32(0);
  if (!isFat(magic)) return [parseSlice(source, { offset: 0, size: source.size }, withSymbols)];
  const count = view.u32(4);
  if (count === 0 || count > MOST_SLICES) throw new BrokenBinary(`has ${count} slices`);
  return Array.from({ length: count }, (_, index) => {
    const wide = magic === FAT_64;
    const at = 8 + index * (wide ? 32 : 20);
    const offset = wide ? view.u64(at + 8) : view.u32(at + 8);
    const size = wide ? view.u64(at + 16) : view.u32(at + 12);
    const slice = parseSlice(source, { offset, size }, withSymbols);
    const stated = cpuOf(view.u32(at));
    if (stated === slice.cpu) return slice;
    throw new BrokenBinary(`has a slice for ${slice.cpu} where its header says ${stated}`);
  });
}

const cpuOf = (machine: number): string => MACHINES[machine] ?? `mach-o-machine-${machine}`;

interface Command {
  readonly command: number;
  readonly at: number;
  readonly size: number;
}

interface Slice {
  readonly offset: number;
  readonly size: number;
}

function parseSlice(
  source: ByteSource,
  { offset, size }: Slice,
  withSymbols: boolean,
): BinaryFacts {
  const probe = new ByteView(source, true, offset, size);
  const isLittle = [MAGIC_32, MAGIC_64].includes(probe.u32(0));
  const view = isLittle ? probe : new ByteView(source, false, offset, size);
  const magic = view.u32(0);
  if (magic !== MAGIC_32 && magic !== MAGIC_64) throw new BrokenBinary('has a slice of no Mach-O');
  const is64 = magic === MAGIC_64;
  const commands = readCommands(view, is64);
  for (const each of commands) checkSegment(view, each);
  const machine = view.u32(4);
  const id = commands.find(({ command }) => command === LC.idDylib);
  return {
    format: 'mach-o',
    cpu: cpuOf(machine),
    kind: KINDS[view.u32(12)] ?? 'other',
    ...builtFor(view, commands),
    ...(id === undefined ? {} : { soname: textOf(view, id) }),
    needed: commands.flatMap((each) => neededOf(view, each)),
    runpath: commands.filter(({ command }) => command === LC.rpath).map((c) => textOf(view, c)),
    rpath: [],
    versions: [],
    ...(withSymbols ? readSymbols(view, commands, is64) : { exports: [], imports: [] }),
  };
}

function readCommands(view: ByteView, is64: boolean): readonly Command[] {
  const count = view.u32(16);
  if (count > MOST_COMMANDS) throw new BrokenBinary(`has ${count} load commands`);
  const commands: Command[] = [];
  let at = is64 ? 32 : 28;
  for (let index = 0; index < count; index++) {
    const size = view.u32(at + 4);
    if (size < 8) throw new BrokenBinary('has a load command without a length');
    view.bytes(at, size);
    commands.push({ command: view.u32(at), at, size });
    at += size;
  }
  return commands;
}

/** The least version of the system, in nibbles xxxx.yy.zz; the command of old has macOS alone. */
function builtFor(view: ByteView, commands: readonly Command[]): Pick<BinaryFacts, 'builtFor'> {
  const found = commands.find(
    ({ command }) => command === LC.buildVersion || command === LC.versionMinMacos,
  );
  if (found === undefined) return {};
  const isNew = found.command === LC.buildVersion;
  const platform = isNew ? view.u32(found.at + 8) : PLATFORM_MACOS;
  const packed = view.u32(found.at + (isNew ? 12 : 8));
  const system = platform === PLATFORM_MACOS ? 'macos' : `apple-platform-${platform}`;
  return { builtFor: { system, version: `${packed >>> 16}.${(packed >>> 8) & 255}` } };
}

function checkSegment(view: ByteView, { command, at }: Command): void {
  if (command !== LC.segment64 && command !== LC.segment32) return;
  const is64 = command === LC.segment64;
  const offset = is64 ? view.u64(at + 40) : view.u32(at + 32);
  const size = is64 ? view.u64(at + 48) : view.u32(at + 36);
  if (offset + size > view.size)
    throw new BrokenBinary(
      `is truncated: a segment ends at ${offset + size}, the file at ${view.size}`,
    );
}

/** The text of a command, at the offset that its third word states. */
function textOf(view: ByteView, { at, size }: Command): string {
  const start = view.u32(at + 8);
  if (start >= size) throw new BrokenBinary('has a load command whose text lies outside it');
  const bytes = view.bytes(at + start, size - start);
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end === -1 ? bytes : bytes.subarray(0, end));
}

function neededOf(view: ByteView, each: Command): readonly NeededLibrary[] {
  const { command } = each;
  const isStrong =
    command === LC.loadDylib || command === LC.reexportDylib || command === LC.loadUpwardDylib;
  if (!isStrong && command !== LC.loadWeakDylib) return [];
  return [{ name: textOf(view, each), versions: [], optional: !isStrong }];
}

/** nlist: name 4, type 1, section 1, description 2, value 4 or 8. External ones start with an underscore in C. */
function readSymbols(
  view: ByteView,
  commands: readonly Command[],
  is64: boolean,
): { readonly exports: readonly string[]; readonly imports: readonly string[] } {
  const exports: string[] = [];
  const imports: string[] = [];
  const found = commands.find(({ command }) => command === LC.symtab);
  if (found === undefined) return { exports, imports };
  const { at } = found;
  const count = view.u32(at + 12);
  if (count > MOST_SYMBOLS) throw new BrokenBinary(`has ${count} symbols`);
  const entry = is64 ? 16 : 12;
  const table = view.table(view.u32(at + 8), count * entry);
  const strings = view.u32(at + 16);
  for (let index = 0; index < count; index++) {
    const type = table.getUint8(index * entry + 4);
    const isExternal = (type & 0x01) !== 0 && (type & 0xe0) === 0;
    if (!isExternal) continue;
    const name = view.name(strings + table.getUint32(index * entry, view.littleEndian));
    const isDefined = (type & 0x0e) !== 0;
    (isDefined ? exports : imports).push(name.replace(/^_/, ''));
  }
  return { exports, imports };
}
