/** Writes small native binaries by the same specifications that the parsers read by, but from the writer's side. */
export interface BinaryParts {
  /** As `process.arch`. */
  readonly cpu?: 'x64' | 'arm64' | 'ia32';
  readonly needed?: readonly { readonly name: string; readonly versions?: readonly string[] }[];
  readonly soname?: string;
  /** ELF RUNPATH or Mach-O LC_RPATH. */
  readonly runpath?: readonly string[];
  /** ELF: symbol versions that it defines. */
  readonly versions?: readonly string[];
  readonly exports?: readonly string[];
  readonly imports?: readonly string[];
  /** Mach-O: least macOS, as two numbers; another platform's number where it is not for macOS (1). */
  readonly builtFor?: { readonly version: readonly [number, number]; readonly platform?: number };
}

/** A growing buffer with numbers in little-endian order. */
class Writer {
  readonly #bytes: number[] = [];

  get size(): number {
    return this.#bytes.length;
  }

  u8(...values: readonly number[]): this {
    this.#bytes.push(...values);
    return this;
  }

  u16(...values: readonly number[]): this {
    return values.reduce<this>((self, v) => self.u8(v & 255, (v >> 8) & 255), this);
  }

  u32(...values: readonly number[]): this {
    return values.reduce<this>((self, v) => self.u16(v & 65535, v >>> 16), this);
  }

  u64(...values: readonly number[]): this {
    return values.reduce<this>((self, v) => self.u32(v >>> 0, Math.floor(v / 2 ** 32)), this);
  }

  be32(...values: readonly number[]): this {
    return values.reduce<this>(
      (self, v) => self.u8((v >>> 24) & 255, (v >> 16) & 255, (v >> 8) & 255, v & 255),
      this,
    );
  }

  text(value: string, length = value.length + 1): this {
    return this.u8(...Array.from({ length }, (_, i) => value.charCodeAt(i) || 0));
  }

  pad(size: number): this {
    while (this.#bytes.length < size) this.#bytes.push(0);
    return this;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Strings, each once, with their offsets. */
class Strings {
  #text = '\0';
  readonly #offsets = new Map<string, number>();

  at(text: string): number {
    let offset = this.#offsets.get(text);
    if (offset === undefined) {
      offset = this.#text.length;
      this.#offsets.set(text, offset);
      this.#text += `${text}\0`;
    }
    return offset;
  }

  get text(): string {
    return this.#text;
  }
}

const ELF_MACHINES = { x64: 62, arm64: 183, ia32: 3 } as const;

/** A 64-bit ELF shared object: header, two program headers, tables, dynamic section, two section headers. */
export function buildElf(parts: BinaryParts): Uint8Array {
  const { needed = [], exports = [], imports = [], versions = [], runpath = [] } = parts;
  const strings = new Strings();
  const { symbols, hash } = buildSymbols(imports, exports, strings);
  const verneed = buildVerneed(needed, strings);
  const verdef = buildVerdef(versions, strings);
  const entries: [number, number | 'hash' | 'symbols' | 'strings' | 'verneed' | 'verdef'][] = [
    ...needed.map(({ name }): [number, number] => [1, strings.at(name)]),
    ...(parts.soname === undefined ? [] : [[14, strings.at(parts.soname)] as [number, number]]),
    ...(runpath.length === 0 ? [] : [[29, strings.at(runpath.join(':'))] as [number, number]]),
    [4, 'hash'],
    [5, 'strings'],
    [6, 'symbols'],
    ...(verneed.size === 0 ? [] : [[0x6ffffffe, 'verneed'] as [number, 'verneed']]),
    ...(verdef.size === 0 ? [] : [[0x6ffffffc, 'verdef'] as [number, 'verdef']]),
  ];
  const sections = {
    hash: hash.bytes(),
    symbols: symbols.bytes(),
    verneed: verneed.bytes(),
    verdef: verdef.bytes(),
    strings: new Writer().text(strings.text, strings.text.length).bytes(),
  };
  const offsets = { hash: 0, symbols: 0, verneed: 0, verdef: 0, strings: 0 };
  const body = new Writer().pad(64 + 2 * 56);
  for (const name of ['hash', 'symbols', 'verneed', 'verdef', 'strings'] as const) {
    body.pad(Math.ceil(body.size / 8) * 8);
    offsets[name] = body.size;
    body.u8(...sections[name]);
  }
  const dynamicAt = Math.ceil(body.size / 8) * 8;
  body.pad(dynamicAt);
  for (const [tag, value] of entries)
    body.u64(tag, typeof value === 'number' ? value : offsets[value]);
  body.u64(10, strings.text.length, 0, 0);
  const dynamicSize = body.size - dynamicAt;
  const sectionsAt = body.size;
  body
    .pad(sectionsAt + 64)
    .u32(0, 3)
    .pad(sectionsAt + 128);
  const bytes = body.bytes();
  const header = new Writer()
    .u8(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0)
    .pad(16)
    .u16(3, ELF_MACHINES[parts.cpu ?? 'x64'])
    .u32(1)
    .u64(0, 64, sectionsAt)
    .u32(0)
    .u16(64, 56, 2, 64, 2, 1)
    .u32(1, 5)
    .u64(0, 0, 0, bytes.length, bytes.length, 4096)
    .u32(2, 6)
    .u64(dynamicAt, dynamicAt, dynamicAt, dynamicSize, dynamicSize, 8);
  bytes.set(header.bytes());
  return bytes;
}

/** Symbols and a hash table of one bucket, whose chain has them all. */
function buildSymbols(
  imports: readonly string[],
  exports: readonly string[],
  strings: Strings,
): { symbols: Writer; hash: Writer } {
  const symbols = new Writer().u64(0, 0, 0);
  for (const name of imports) symbols.u32(strings.at(name)).u8(0x12, 0).u16(0).u64(0, 0);
  for (const name of exports) symbols.u32(strings.at(name)).u8(0x12, 0).u16(1).u64(0x1000, 1);
  const count = 1 + imports.length + exports.length;
  const hash = new Writer().u32(1, count, count > 1 ? 1 : 0);
  for (let i = 0; i < count; i++) hash.u32(i > 0 && i + 1 < count ? i + 1 : 0);
  return { symbols, hash };
}

function buildVerneed(needed: NonNullable<BinaryParts['needed']>, strings: Strings): Writer {
  const out = new Writer();
  const withVersions = needed.filter(({ versions = [] }) => versions.length > 0);
  for (const [index, { name, versions = [] }] of withVersions.entries()) {
    const next = index + 1 < withVersions.length ? 16 + 16 * versions.length : 0;
    out.u16(1, versions.length).u32(strings.at(name), 16, next);
    for (const [i, version] of versions.entries())
      out
        .u32(0)
        .u16(0, 2)
        .u32(strings.at(version), i + 1 < versions.length ? 16 : 0);
  }
  return out;
}

function buildVerdef(versions: readonly string[], strings: Strings): Writer {
  const out = new Writer();
  for (const [index, version] of versions.entries())
    out
      .u16(1, 0, index + 2, 1)
      .u32(0, 20, index + 1 < versions.length ? 28 : 0)
      .u32(strings.at(version), 0);
  return out;
}

const PE_MACHINES = { x64: 0x8664, arm64: 0xaa64, ia32: 0x14c } as const;

/** A PE32+ library with one section that holds imports and exports. Addresses in the section are file offsets + 0x1000 - 0x200. */
export function buildPe(parts: BinaryParts): Uint8Array {
  const { needed = [], exports = [] } = parts;
  const base = 0x1000;
  const section = new Writer();
  const names = new Map<string, number>();
  const nameOf = (text: string): number => {
    if (!names.has(text)) {
      names.set(text, base + section.size);
      section.text(text);
    }
    return names.get(text) as number;
  };
  const libraries = needed.map(({ name }) => nameOf(name));
  const exported = exports.map(nameOf);
  const importsAt = base + section.size;
  for (const name of libraries) section.u32(0, 0, 0, name, 0);
  section.u32(0, 0, 0, 0, 0);
  const tableAt = base + section.size;
  section.u32(...exported);
  const exportsAt = base + section.size;
  section.u32(0, 0, 0, 0, 1, exports.length, exports.length, 0, tableAt, 0);
  const content = section.pad(512).bytes();
  const out = new Writer().u8(0x4d, 0x5a).pad(0x3c).u32(0x40).text('PE', 4);
  out
    .u16(PE_MACHINES[parts.cpu ?? 'x64'], 1)
    .u32(0, 0, 0)
    .u16(240, 0x2022);
  const optionalAt = out.size;
  out
    .u16(0x20b)
    .pad(optionalAt + 108)
    .u32(16);
  out.u32(exports.length === 0 ? 0 : exportsAt, 40, importsAt, 20 * (needed.length + 1));
  out
    .pad(optionalAt + 240)
    .text('.rdata', 8)
    .u32(content.length, base, content.length, 0x200);
  return out
    .pad(0x200)
    .u8(...content)
    .bytes();
}

const MACH_O_MACHINES = { x64: 0x01000007, arm64: 0x0100000c, ia32: 7 } as const;

/** A 64-bit Mach-O bundle: load commands, then symbols and their names. */
export function buildMachO(parts: BinaryParts): Uint8Array {
  const { needed = [], runpath = [], exports = [], imports = [] } = parts;
  const strings = new Strings();
  const symbols = new Writer();
  for (const name of imports)
    symbols
      .u32(strings.at(`_${name}`))
      .u8(0x01, 0)
      .u16(0)
      .u64(0);
  for (const name of exports)
    symbols
      .u32(strings.at(`_${name}`))
      .u8(0x0f, 1)
      .u16(0)
      .u64(0x1000);
  const commands: Uint8Array[] = [
    ...(parts.soname === undefined ? [] : [textCommand(0xd, 24, parts.soname)]),
    ...needed.map(({ name }) => textCommand(0xc, 24, name)),
    ...runpath.map((path) => textCommand(0x8000001c, 12, path)),
    ...(parts.builtFor === undefined ? [] : [buildVersion(parts.builtFor)]),
  ];
  const size = commands.reduce((sum, each) => sum + each.length, 0) + 24;
  const symbolsAt = 32 + size;
  const stringsAt = symbolsAt + symbols.size;
  const out = new Writer().u32(0xfeedfacf, MACH_O_MACHINES[parts.cpu ?? 'arm64'], 0, 8);
  out.u32(commands.length + 1, size, 0, 0);
  for (const each of commands) out.u8(...each);
  const count = imports.length + exports.length;
  out.u32(2, 24, symbolsAt, count, stringsAt, strings.text.length);
  return out
    .u8(...symbols.bytes())
    .text(strings.text, strings.text.length)
    .bytes();
}

function buildVersion({ version, platform = 1 }: NonNullable<BinaryParts['builtFor']>): Uint8Array {
  const packed = version[0] * 65536 + version[1] * 256;
  return new Writer().u32(0x32, 24, platform, packed, packed, 0).bytes();
}

function textCommand(command: number, start: number, text: string): Uint8Array {
  const size = Math.ceil((start + text.length + 1) / 8) * 8;
  return new Writer().u32(command, size, start).pad(start).text(text).pad(size).bytes();
}

/** A fat file of Mach-O slices. */
export function buildFat(...slices: readonly Uint8Array[]): Uint8Array {
  const out = new Writer().be32(0xcafebabe, slices.length);
  let offset = 4096;
  for (const slice of slices) {
    const [a = 0, b = 0, c = 0, d = 0] = slice.subarray(4, 8);
    out.be32(a + b * 256 + c * 65536 + d * 16777216, 0, offset, slice.length, 12);
    offset = Math.ceil((offset + slice.length) / 4096) * 4096;
  }
  offset = 4096;
  for (const slice of slices) {
    out.pad(offset).u8(...slice);
    offset = Math.ceil((offset + slice.length) / 4096) * 4096;
  }
  return out.bytes();
}
