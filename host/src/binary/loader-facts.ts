/** What the loader of shared libraries goes by. */
export type LoaderFacts =
  | {
      readonly kind: 'elf';
      /** Folders of LD_LIBRARY_PATH. */
      readonly libraryPath: readonly string[];
      /** ld.so.cache: paths by name, in order. */
      readonly cache: ReadonlyMap<string, readonly string[]>;
      /** Folders that are searched last. */
      readonly folders: readonly string[];
    }
  | { readonly kind: 'pe'; readonly folders: readonly string[] }
  | { readonly kind: 'mach-o' };

/** What decides on a machine whether a binary can be loaded there. */
export interface LoadingMachine {
  /** `process.arch`: what this process can load, whatever the machine is (Rosetta, WOW64). */
  readonly cpu: string;
  /** Absent where there is none to choose: not Linux. */
  readonly libc?: { readonly kind: 'glibc' | 'musl'; readonly version?: string };
  /** How shared libraries are found; undefined for a machine whose files cannot be seen. */
  readonly loader?: LoaderFacts;
}
