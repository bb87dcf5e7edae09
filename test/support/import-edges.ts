import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

/** One import of one source file; relative targets are resolved against the repository. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

const IMPORT =
  /(?:^|\s)(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s*['"]([^'"]+)['"]/gm;

/** Every import of a source file, in whatever form. */
export function edgesOf(path: string, text: string): readonly Edge[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3];
    const to = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier;
    return { from: path, to };
  });
}

async function sourcesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Every import of every source file below a folder, and how many files were looked at. */
export async function edgesBelow(
  folder: string,
): Promise<{ readonly files: number; readonly edges: readonly Edge[] }> {
  const files = await sourcesBelow(folder);
  const edges = await Promise.all(
    files.map(async (file) => edgesOf(file, await readFile(file, 'utf8'))),
  );
  return { files: files.length, edges: edges.flat() };
}
