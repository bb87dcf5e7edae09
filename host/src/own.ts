/**
 * What a table has under a name that came from outside: a file, a pipeline or the command line. Names that every
 * object inherits (`constructor`, `__proto__`) are in no table.
 */
export const own = <T>(table: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
