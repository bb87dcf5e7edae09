import type { FolderEntry, PluginSource } from '../files/plugin-source.js';
import type { PluginFiles } from './read-quick-facts.js';

/** What could be loaded or run by its name. */
const CODE = /\.(?:js|mjs|cjs|node|wasm|so(?:\.\d+)*|dylib|dll)$/;
/** What has more is no plugin but a disk: the rest is not looked at. */
const MOST_FOLDERS = 10_000;

/** Code below the root that no target lists, by manifest paths, sorted. */
export async function readUnlisted({
  source,
  root,
  manifest,
}: PluginFiles): Promise<readonly string[]> {
  const listed = new Set(
    manifest.targets.flatMap(({ files = [] }) => files.map(({ path }) => path)),
  );
  const paths: string[] = [];
  const folders = [''];
  for (let index = 0; index < folders.length && index < MOST_FOLDERS; index++)
    for (const { path, kind } of await entriesIn(source, root, folders[index] ?? ''))
      (kind === 'directory' ? folders : paths).push(path);
  return paths.filter((path) => CODE.test(path) && !listed.has(path)).sort();
}

/** What is in a folder below the root, by manifest paths. */
async function entriesIn(
  source: PluginSource,
  root: string,
  below: string,
): Promise<readonly { readonly path: string; readonly kind: FolderEntry['kind'] }[]> {
  const entries = await source.list(source.join(root, below)).catch(() => undefined);
  return (entries ?? []).map(({ name, kind }) => ({
    path: below === '' ? name : `${below}/${name}`,
    kind,
  }));
}
