/** A needed library that the loader would not find. */
export interface MissingLibrary {
  readonly name: string;
  /** Path of the binary that needs it. */
  readonly neededBy: string;
  readonly searched: readonly string[];
}

/** A symbol version that a needed library does not define. */
export interface MissingVersion {
  readonly version: string;
  readonly library: string;
  /** Where that library was found, or what its version is known to be. */
  readonly found: string;
  readonly neededBy: string;
}

/** What the loader would make of a binary: everything that it needs, directly or not. */
export interface Preflight {
  readonly missing: readonly MissingLibrary[];
  readonly versions: readonly MissingVersion[];
  /** Needed libraries that cannot be judged for this machine from here. */
  readonly unknown: readonly string[];
  /** Paths of the libraries that are loaded with it. */
  readonly reached: readonly string[];
  /** What it needs and nobody who is loaded with it defines; absent where that cannot be told. */
  readonly undefinedSymbols?: readonly string[];
}
