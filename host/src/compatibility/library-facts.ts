/** One place where a required library was found. */
export interface LibraryCopy {
  readonly path: string;
  /** As its own files or file name tell; absent where nothing tells. */
  readonly version?: string;
  /** Build tag: `cu128-cxx11abi`. */
  readonly build?: string;
}

/** What was found of a required library: the first copy is the one that would be used. */
export interface LibraryFacts {
  readonly copies: readonly LibraryCopy[];
  /** Folders or names that were looked at, in order. */
  readonly searched: readonly string[];
}
