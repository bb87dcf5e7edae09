import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Besides what ships, tests may be the only ones that use an export; kernels read layouts. */
const PACKAGES = ['sdk', 'host', 'plugins'];
const USERS = [...PACKAGES, 'test', 'scripts'];

/** Fewer exports than this, and the test looked at the wrong place. */
const AT_LEAST = 1000;

const EXPORTED = /^export (?:async )?(?:const|function|class) (\w+)/gm;

async function textsBelow(folder: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(?:ts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(?:^|\/)(?:dist|bundle|node_modules)\//.test(path));
  return await Promise.all(
    paths.map(async (path) => [path, await readFile(path, 'utf8')] as const),
  );
}

/** Every word of every file, and the files it stands in. */
async function wordsOf(folders: readonly string[]): Promise<ReadonlyMap<string, Set<string>>> {
  const words = new Map<string, Set<string>>();
  for (const folder of folders) {
    for (const [path, text] of await textsBelow(folder)) {
      for (const [word] of text.matchAll(/\w+/g)) {
        const files = words.get(word) ?? new Set();
        words.set(word, files.add(path));
      }
    }
  }
  return words;
}

/** What the sources of a package export, and where. */
async function exportsOf(folder: string): Promise<readonly { path: string; name: string }[]> {
  const sources = (await textsBelow(folder)).filter(([path]) => path.includes('/src/'));
  return sources.flatMap(([path, text]) =>
    [...text.matchAll(EXPORTED)].map(([, name]) => ({ path, name })),
  );
}

describe('exports', () => {
  it('every function, class and constant that a file exports is named in another', async () => {
    const words = await wordsOf(USERS);
    const all = (await Promise.all(PACKAGES.map(exportsOf))).flat();
    assert.ok(all.length >= AT_LEAST, `${all.length} exports were seen`);
    const unused = all.filter(({ name }) => (words.get(name)?.size ?? 0) < 2);
    assert.deepEqual(unused, []);
  });
});
