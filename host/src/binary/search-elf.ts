import type { LoaderFacts } from './loader-facts.js';
import type { PlacedBinary, Search } from './search.js';

/**
 * ld.so(8): RPATH where there is no RUNPATH, LD_LIBRARY_PATH, RUNPATH, the linker cache, the default folders.
 * Of a machine that is not this one only what lies beside the plugin's own files can be seen.
 */
export function searchElf(
  name: string,
  { path, facts }: PlacedBinary,
  loader: LoaderFacts | undefined,
): Search {
  const origin = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  const expand = (folder: string) => folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, origin);
  const own = (facts.runpath.length > 0 ? facts.runpath : facts.rpath).map(expand);
  const at = (folders: readonly string[]) => folders.map((folder) => `${folder}/${name}`);
  if (name.includes('/')) return { paths: [expand(name)], isGiven: false, isComplete: true };
  if (loader?.kind !== 'elf') return { paths: at(own), isGiven: false, isComplete: false };
  const { libraryPath, cache, folders } = loader;
  const before = facts.runpath.length > 0 ? [...libraryPath, ...own] : [...own, ...libraryPath];
  const paths = [...at(before), ...(cache.get(name) ?? []), ...at(folders)];
  return { paths: [...new Set(paths.map(normal))], isGiven: false, isComplete: true };
}

/** Without empty, `.` and `..` steps. */
export function normal(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}
