/** A library that a binary needs, with the symbol versions that it expects there. */
export interface NeededLibrary {
  /** As the binary writes it: `libm.so.6`, `@rpath/libx.dylib`, `KERNEL32.dll`. */
  readonly name: string;
  /** ELF: `GLIBC_2.34`; those that may be missing are left out. */
  readonly versions: readonly string[];
  /** May it be missing? Weak libraries of Mach-O, delayed imports of PE. */
  readonly optional: boolean;
}

/** What the headers of one native binary tell; of a fat one, of one slice. */
export interface BinaryFacts {
  readonly format: 'elf' | 'pe' | 'mach-o';
  /** `process.arch` of who can load it; the number of the machine where that has no name. */
  readonly cpu: string;
  readonly kind: 'library' | 'executable' | 'other';
  /** Mach-O: the system that it was built for, `macos` or another of Apple's, and its least version. */
  readonly builtFor?: { readonly system: string; readonly version: string };
  /** What other binaries name it by; absent where it has no such name. */
  readonly soname?: string;
  readonly needed: readonly NeededLibrary[];
  /** ELF RUNPATH or Mach-O LC_RPATH, in order. */
  readonly runpath: readonly string[];
  /** ELF RPATH, which counts only where there is no RUNPATH. */
  readonly rpath: readonly string[];
  /** Symbol versions that it defines; empty where it has none. */
  readonly versions: readonly string[];
  /** Names of the symbols that others can find in it. */
  readonly exports: readonly string[];
  /** Names of the symbols that must be found elsewhere. */
  readonly imports: readonly string[];
}

/** The slices of a binary, one but for fat Mach-O; or why there is nothing that a loader could use. */
export type BinaryRead =
  | { readonly ok: true; readonly slices: readonly BinaryFacts[] }
  | { readonly ok: false; readonly reason: string };
