import type { LoaderFacts } from './loader-facts.js';
import type { PlacedBinary, Search } from './search.js';
import { normal } from './search-elf.js';

/** Libraries of macOS lie in a cache of the loader, not in files, since macOS 11. */
const GIVEN = /^\/(?:usr\/lib|System\/Library)\//;
const RELATIVE = /^@(?:loader_path|executable_path)(?=\/|$)/;

/** dyld(1): `@rpath` by the binary's own paths, `@loader_path` beside the binary, everything else as it stands. */
export function searchMachO(
  name: string,
  { path, facts }: PlacedBinary,
  loader: LoaderFacts | undefined,
): Search {
  const origin = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  const expand = (each: string) => normal(each.replace(/^@loader_path(?=\/|$)/, origin));
  const isRpath = name.startsWith('@rpath/');
  const written = isRpath
    ? facts.runpath.map((folder) => `${folder}${name.slice('@rpath'.length)}`)
    : [name];
  const isOwn = written.length > 0 && written.every((each) => RELATIVE.test(each));
  return {
    paths: written.map(expand),
    isGiven: GIVEN.test(name),
    isComplete: isOwn || loader?.kind === 'mach-o',
  };
}
