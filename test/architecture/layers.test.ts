import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Edge, edgesBelow } from '../support/import-edges.js';

/**
 * The parts of the host, lowest first. A part imports from lower layers only, neither from above nor from beside
 * itself; a new folder or file of host/src has to be placed here.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['dotted-number.ts', 'injection.ts', 'node-builtins.ts', 'own.ts', 'verdict.ts', 'version.ts'],
  ['errors.ts', 'log.ts', 'progress.ts', 'request-rules.ts'],
  ['log-filter.ts'],
  ['binary/', 'cost/', 'geometry/'],
  ['files/', 'io/'],
  ['compatibility/'],
  ['discovery/', 'packing/'],
  ['authoring/', 'installing/', 'loading/'],
  ['routing/'],
  ['lazy/', 'metric/'],
  ['picture/', 'transforms/'],
  ['pipelines/'],
  ['host.ts', 'lazy.ts'],
  ['composition/'],
  ['doctor/', 'index.ts'],
  ['cli/'],
];

const SOURCES = 'host/src';

/** Fewer imports between parts than this, and the test looked at the wrong place. */
const AT_LEAST = 400;

/** The part of the host that a file belongs to: a folder of its sources, or a file beside these. */
function partOf(path: string): string {
  const [first, ...rest] = path.slice(SOURCES.length + 1).split('/');
  return rest.length === 0 ? first.replace(/\.js$/, '.ts') : `${first}/`;
}

const layerOf = (part: string): number => LAYERS.findIndex((parts) => parts.includes(part));

const isUpward = ({ from, to }: Edge): boolean =>
  partOf(from) !== partOf(to) && layerOf(partOf(to)) >= layerOf(partOf(from));

/** Where cycles are looked for: a folder without folders is one place, elsewhere each file is one. */
function placeOf(path: string, outer: ReadonlySet<string>): string {
  const source = path.replace(/\.js$/, '.ts');
  return outer.has(dirname(source)) ? source : dirname(source);
}

/** Folders that hold folders with sources. */
function outerFolders(edges: readonly Edge[], root: string): ReadonlySet<string> {
  const outer = new Set([root]);
  for (const { from } of edges)
    for (let folder = dirname(dirname(from)); folder.startsWith(root); folder = dirname(folder))
      outer.add(folder);
  return outer;
}

/** Takes away, again and again, what imports nothing that is left: what stays is in a cycle, or imports one. */
function withoutEnds(edges: readonly Edge[]): readonly Edge[] {
  const importing = new Set(edges.map(({ from }) => from));
  const left = edges.filter(({ to }) => importing.has(to));
  return left.length === edges.length ? left : withoutEnds(left);
}

/** Imports between the places of a package that are part of a cycle, or of a way between two. */
function cyclesIn(edges: readonly Edge[], root: string): readonly Edge[] {
  const outer = outerFolders(edges, root);
  const between = edges
    .filter(({ to }) => to.startsWith(`${root}/`))
    .map(({ from, to }) => ({ from: placeOf(from, outer), to: placeOf(to, outer) }))
    .filter(({ from, to }) => from !== to);
  const turned = ({ from, to }: Edge): Edge => ({ from: to, to: from });
  return withoutEnds(withoutEnds(between).map(turned)).map(turned);
}

const inside = (edges: readonly Edge[], root: string): readonly Edge[] =>
  edges.filter(({ to }) => to.startsWith(`${root}/`));

describe('layers', () => {
  it('every part of the host has its place, once', async () => {
    const entries = await readdir(SOURCES, { withFileTypes: true });
    const parts = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    assert.deepEqual(LAYERS.flat().sort(), parts.sort());
  });

  it('parts of the host import from lower layers only', async () => {
    const { edges } = await edgesBelow(SOURCES);
    const between = inside(edges, SOURCES).filter(({ from, to }) => partOf(from) !== partOf(to));
    assert.ok(between.length >= AT_LEAST, `${between.length} imports between parts were seen`);
    assert.deepEqual(between.filter(isUpward), []);
  });

  it('an import from above or from beside is one that is refused', () => {
    const from = `${SOURCES}/discovery/x.ts`;
    const refused = ['routing/y.js', 'packing/y.js', 'index.js', 'verdict.js', 'discovery/y.js'];
    assert.deepEqual(
      refused.filter((to) => isUpward({ from, to: `${SOURCES}/${to}` })),
      ['routing/y.js', 'packing/y.js', 'index.js'],
    );
  });

  it('neither files nor folders of any package import each other in a circle', async () => {
    const plugins = (await readdir('plugins')).map((name) => `plugins/${name}/src`);
    for (const root of ['sdk/src', SOURCES, ...plugins]) {
      const { edges } = await edgesBelow(root);
      assert.ok(inside(edges, root).length > 0, `${root}: imports are seen`);
      assert.deepEqual(cyclesIn(edges, root), [], root);
    }
  });

  it('a circle of files beside folders, and one of folders, are found', () => {
    const edge = (from: string, to: string): Edge => ({ from: `r/${from}.ts`, to: `r/${to}.js` });
    const folders = [edge('a/x', 'b/y'), edge('b/z', 'a/w'), edge('a/x', 'c'), edge('d', 'a/x')];
    assert.deepEqual(cyclesIn(folders, 'r'), [
      { from: 'r/a', to: 'r/b' },
      { from: 'r/b', to: 'r/a' },
    ]);
    assert.equal(cyclesIn([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')], 'r').length, 3);
    assert.deepEqual(cyclesIn([edge('a', 'b'), edge('b', 'c/d'), edge('a', 'c/d')], 'r'), []);
  });
});
