import type { ByteView } from './byte-view.js';
import type { Name } from './elf-layout.js';

const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

/** Most versions of a chain; real libraries stay far below. */
const MOST_VERSIONS = 65_536;

/** Elf_Verneed: version 2, count 2, file 4, aux 4, next 4; Elf_Vernaux: hash 4, flags 2, other 2, name 4, next 4. */
export function readNeededVersions(
  view: ByteView,
  start: number | undefined,
  name: Name,
): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, readonly string[]>();
  for (const at of chain(view, start, 12)) {
    const versions: string[] = [];
    for (const aux of chain(view, at + view.u32(at + 8), 12, view.u16(at + 2)))
      if ((view.u16(aux + 4) & VER_FLG_WEAK) === 0) versions.push(name(view.u32(aux + 8)));
    wanted.set(name(view.u32(at + 4)), versions);
  }
  return wanted;
}

/** Elf_Verdef: version 2, flags 2, index 2, count 2, hash 4, aux 4, next 4; its first Elf_Verdaux starts with the name. */
export function readDefinedVersions(
  view: ByteView,
  start: number | undefined,
  name: Name,
): readonly string[] {
  const versions: string[] = [];
  for (const at of chain(view, start, 16))
    if ((view.u16(at + 2) & VER_FLG_BASE) === 0)
      versions.push(name(view.u32(at + view.u32(at + 12))));
  return versions;
}

/** Offsets of a chain's members; `next` is relative and 0 at the end. A chain that leads in a circle is cut. */
function* chain(
  view: ByteView,
  start: number | undefined,
  next: number,
  most = MOST_VERSIONS,
): Generator<number> {
  let at = start;
  for (let count = 0; at !== undefined && count < most; count++) {
    yield at;
    const step = view.u32(at + next);
    at = step === 0 ? undefined : at + step;
  }
}
