import { compareDotted } from '../dotted-number.js';
import type { BinaryRead, NeededLibrary } from './binary-facts.js';
import type { LoadingMachine } from './loader-facts.js';
import type { MissingLibrary, MissingVersion, Preflight } from './preflight-facts.js';
import type { PlacedBinary, Search } from './search.js';
import { searchElf } from './search-elf.js';
import { searchMachO } from './search-mach-o.js';
import { searchPe } from './search-pe.js';

/** Binaries by path, read without their symbols; undefined: nothing is there. */
export type BinaryView = (path: string) => BinaryRead | undefined;

/** Most binaries that are followed; a plugin with more is not judged further. */
const MOST_BINARIES = 256;

/** Follows what a binary needs as the loader of its format would, and compares symbol versions. Pure over the view. */
export function preflight(
  start: PlacedBinary,
  machine: LoadingMachine,
  view: BinaryView,
): Preflight {
  const seen = new Set([start.path]);
  const queue = [start];
  const needs: Need[] = [];
  for (let binary = queue.shift(); binary !== undefined; binary = queue.shift()) {
    for (const needed of binary.facts.needed) {
      const need = follow(needed, binary, { machine, view });
      needs.push(need);
      const { found } = need;
      if (found === undefined || seen.has(found.path) || seen.size >= MOST_BINARIES) continue;
      seen.add(found.path);
      queue.push(found);
    }
  }
  return {
    missing: needs.flatMap(({ missing }) => missing ?? []),
    versions: needs.flatMap(({ versions }) => versions),
    unknown: [...new Set(needs.flatMap(({ unknown }) => unknown ?? []))],
    reached: [...seen].slice(1),
  };
}

/** What became of one needed library. */
interface Need {
  readonly found?: PlacedBinary;
  readonly missing?: MissingLibrary;
  readonly unknown?: string;
  readonly versions: readonly MissingVersion[];
}

interface Surroundings {
  readonly machine: LoadingMachine;
  readonly view: BinaryView;
}

function follow(
  needed: NeededLibrary,
  binary: PlacedBinary,
  { machine, view }: Surroundings,
): Need {
  const beyond = versionsBeyond(needed, binary.path, machine);
  const search = searchFor(needed, binary, machine);
  if (search.isGiven) return { versions: beyond };
  const found = firstFitting(search.paths, machine, view);
  if (found !== undefined)
    return { found, versions: [...beyond, ...undefinedVersions(needed, found, binary.path)] };
  if (!search.isComplete) return { versions: beyond, unknown: needed.name };
  if (needed.optional) return { versions: beyond };
  const { paths: searched } = search;
  return { versions: beyond, missing: { name: needed.name, neededBy: binary.path, searched } };
}

function searchFor(needed: NeededLibrary, binary: PlacedBinary, machine: LoadingMachine): Search {
  switch (binary.facts.format) {
    case 'elf':
      return searchElf(needed.name, binary, machine.loader);
    case 'pe':
      return searchPe(needed.name, binary, machine.loader);
    case 'mach-o':
      return searchMachO(needed.name, binary, machine.loader);
    default:
      return binary.facts.format satisfies never;
  }
}

/** The first that is a library for this cpu; loaders pass over those of another. */
function firstFitting(
  paths: readonly string[],
  machine: LoadingMachine,
  view: BinaryView,
): PlacedBinary | undefined {
  for (const path of paths) {
    const read = view(path);
    const facts = read?.ok ? read.slices.find(({ cpu }) => cpu === machine.cpu) : undefined;
    if (facts !== undefined) return { path, facts };
  }
  return undefined;
}

/** A library without any versions is bound without them; one with versions must have those that are asked for. */
function undefinedVersions(
  needed: NeededLibrary,
  { path, facts }: PlacedBinary,
  neededBy: string,
): readonly MissingVersion[] {
  if (facts.versions.length === 0) return [];
  return needed.versions
    .filter((version) => !facts.versions.includes(version))
    .map((version) => ({ version, library: needed.name, found: path, neededBy }));
}

/** glibc's own versions tell without its files whether a machine's is new enough. */
function versionsBeyond(
  needed: NeededLibrary,
  neededBy: string,
  { libc, loader }: LoadingMachine,
): readonly MissingVersion[] {
  if (libc?.kind !== 'glibc' || libc.version === undefined || loader !== undefined) return [];
  const own = libc.version;
  const highest = needed.versions
    .flatMap((version) => /^GLIBC_(\d[\d.]*)$/.exec(version)?.[1] ?? [])
    .sort((a, b) => compareDotted(a, b) ?? 0)
    .at(-1);
  if (highest === undefined || (compareDotted(highest, own) ?? 0) <= 0) return [];
  const version = `GLIBC_${highest}`;
  return [{ version, library: needed.name, found: `glibc ${own}`, neededBy }];
}
