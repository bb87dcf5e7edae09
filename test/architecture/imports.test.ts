import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Edge, edgesBelow, edgesOf } from '../support/import-edges.js';

/** What a package may import besides its own sources. */
interface Rule {
  readonly sources: string;
  readonly allows: (specifier: string) => boolean;
  /** Fewer files than this, and the test looked at the wrong place. */
  readonly atLeast: number;
}

/** As esbuild writes it, minified or not. */
const BUNDLED_IMPORT = /\bimport\s*(?:[\w*{][^;'"]*?from\s*)?["']([^"'\n]+)["']/g;

const violations = (edges: readonly Edge[], rule: Rule): readonly Edge[] =>
  edges.filter(({ to }) => !to.startsWith(`${rule.sources}/`) && !rule.allows(to));

async function declaredIn(folder: string): Promise<ReadonlySet<string>> {
  const { dependencies, peerDependencies } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  return new Set([...Object.keys(dependencies ?? {}), ...Object.keys(peerDependencies ?? {})]);
}

const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

async function rules(): Promise<readonly Rule[]> {
  const host = await declaredIn('host');
  const sdkParts = new Set([
    '@voxhost/sdk',
    '@voxhost/sdk/arguments',
    '@voxhost/sdk/reference',
    '@voxhost/sdk/reference/capabilities',
    '@voxhost/sdk/testing',
  ]);
  const plugins = await readdir('plugins');
  return [
    { sources: 'sdk/src', allows: () => false, atLeast: 15 },
    {
      sources: 'host/src',
      allows: (to) =>
        to.startsWith('node:') ||
        sdkParts.has(to) ||
        (host.has(packageOf(to)) && !to.startsWith('@voxhost/')),
      atLeast: 20,
    },
    ...(await Promise.all(
      plugins.map(async (name) => {
        const own = await declaredIn(join('plugins', name));
        return {
          sources: `plugins/${name}/src`,
          allows: (to: string) =>
            to.startsWith('node:') ||
            sdkParts.has(to) ||
            (own.has(packageOf(to)) && !to.startsWith('@voxhost/') && to !== 'voxhost'),
          atLeast: 1,
        };
      }),
    )),
  ];
}

describe('imports go one way: host -> sdk <- plugins', () => {
  it('every file of every package keeps the direction', async () => {
    for (const rule of await rules()) {
      const { files, edges } = await edgesBelow(rule.sources);
      assert.ok(files >= rule.atLeast, `${rule.sources}: looked at ${files} files only`);
      assert.deepEqual(violations(edges, rule), [], rule.sources);
    }
  });

  it('nothing in the host imports the command line, and only it imports commander', async () => {
    const { edges } = await edgesBelow('host/src');
    const inward = edges.filter(
      ({ from, to }) =>
        !from.startsWith('host/src/cli/') && (to.startsWith('host/src/cli/') || to === 'commander'),
    );
    assert.deepEqual(inward, []);
    assert.ok(edges.some(({ to }) => to === 'commander'));
  });

  it('what a plugin ships as code, and the child that runs plugins, imports Node alone', async () => {
    const folders = (await readdir('plugins')).map((name) => join('plugins', name, 'bundle'));
    const listed = await Promise.all(
      folders.map(async (folder) =>
        (await readdir(folder))
          .filter((name) => name.endsWith('.js'))
          .map((name) => join(folder, name)),
      ),
    );
    const bundles = [...listed.flat(), 'host/bundle/child.js'];
    assert.ok(bundles.length > folders.length, 'every plugin has one at least');
    const imported = await Promise.all(
      bundles.map(async (path) =>
        [...(await readFile(path, 'utf8')).matchAll(BUNDLED_IMPORT)].map(([, to]) => to),
      ),
    );
    assert.ok(imported.flat().length > 0, 'imports are seen');
    assert.deepEqual(
      imported.flat().filter((to) => !to.startsWith('node:')),
      [],
    );
  });

  it('every form of import is seen, and a forbidden one is refused', async () => {
    const text = [
      "import a from '@voxhost/plugin-cpu';",
      "import type { B } from '../../plugins/cpu/src/b.js';",
      "export { c } from 'voxhost';",
      "const d = await import('@voxhost/plugin-cuda');",
      "import 'onnxruntime-node';",
      "import {\n  e,\n  f,\n} from '@voxhost/plugin-impact';",
    ].join('\n');
    const [, host] = await rules();
    const found = violations(edgesOf('host/src/x.ts', text), host).map(({ to }) => to);
    assert.deepEqual(found.sort(), [
      '@voxhost/plugin-cpu',
      '@voxhost/plugin-cuda',
      '@voxhost/plugin-impact',
      'onnxruntime-node',
      'plugins/cpu/src/b.js',
      'voxhost',
    ]);
  });
});
