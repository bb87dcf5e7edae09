import type { BinaryFacts } from './binary-facts.js';

/** Names that a library defines; undefined where it cannot be read. */
export type ExportsOf = (path: string) => readonly string[] | undefined;

/**
 * Symbols of an ELF binary that neither itself nor the program nor any of the libraries defines. Bound at once, as
 * addons are loaded here, each would end the loading; bound lazily, the process in the middle of a call. Undefined where
 * a library could not be read. Pure over the view.
 *
 * @param program - names that the running program defines
 * @param libraries - what is loaded with the binary or with the program; read one after the other, as far as needed
 */
export function undefinedSymbols(
  { imports, exports }: BinaryFacts,
  program: ReadonlySet<string>,
  libraries: Iterable<string>,
  exportsOf: ExportsOf,
): readonly string[] | undefined {
  const own = new Set(exports);
  const left = new Set(imports.filter((name) => !own.has(name) && !program.has(name)));
  for (const path of libraries) {
    if (left.size === 0) break;
    const names = exportsOf(path);
    if (names === undefined) return undefined;
    for (const name of names) left.delete(name);
  }
  return [...left];
}
