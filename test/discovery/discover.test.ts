import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { DEFAULT_POLICY } from '#host/compatibility/policy.js';
import type { Layer } from '#host/discovery/catalogue.js';
import { discoverPlugins } from '#host/discovery/discover.js';
import { type SearchPlace, searchLayers } from '#host/discovery/search-layers.js';
import { createAssetSource } from '#host/files/asset-source.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { environmentOf } from '../support/environment.js';
import { machineOf } from '../support/machine.js';
import { manifestOf } from '../support/manifest-builder.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';

const place = (path: string, layer: Layer = 7, explicit = false): SearchPlace => ({
  layer,
  kind: 'path',
  path,
  origin: 'test',
  explicit,
  source: 'disk',
});

const discover = (...layers: readonly SearchPlace[]) =>
  discoverPlugins({
    layers,
    facts: machineOf(),
    policy: DEFAULT_POLICY,
    source: createDiskSource(),
  });

function put(folder: TemporaryFolder, under: string, changes: Partial<Manifest> = {}): string {
  const manifest = manifestOf(changes);
  folder.write(join(under, 'plugin.mjs'), 'throw new Error("no code may run");');
  return folder.write(join(under, `${manifest.id}.plugin.json`), JSON.stringify(manifest));
}

const summary = (catalogue: Awaited<ReturnType<typeof discover>>, root: string) =>
  catalogue.entries.map(
    ({ path, verdict }) => `${path.replace(`${root}/`, '')} ${verdict.version} ${verdict.verdict}`,
  );

describe('discovery', () => {
  it('has the reference where there is nothing else', async () => {
    const { entries } = await discover();
    assert.deepEqual(
      entries.map(({ path, layer, verdict }) => [path, layer, verdict.verdict]),
      [['builtin:reference', 8, 'ready']],
    );
  });

  it('finds manifests in a folder and one folder below, in the order of bytes', async () => {
    using folder = temporaryFolder();
    put(folder, 'b', { id: 'org.example.b' });
    put(folder, '', { id: 'org.example.c' });
    put(folder, 'a', { id: 'org.example.a' });
    folder.write('a/deeper/org.example.d.plugin.json', '{}');
    const { entries } = await discover(place(folder.path));
    assert.deepEqual(
      entries.map(({ verdict }) => verdict.id),
      ['org.example.a', 'org.example.b', 'org.example.c', 'reference'],
    );
  });

  it('prefers the higher layer, then the higher version, and keeps the shadowed', async () => {
    using folder = temporaryFolder();
    put(folder, 'old/x', { version: '1.9.0' });
    put(folder, 'old/y', { version: '1.10.0' });
    put(folder, 'new', { version: '1.0.0-rc.1' });
    const catalogue = await discover(
      place(join(folder.path, 'old')),
      place(join(folder.path, 'new'), 1),
    );
    assert.deepEqual(summary(catalogue, folder.path).slice(0, 3), [
      'new/org.example.fake.plugin.json 1.0.0-rc.1 compatible',
      'old/y/org.example.fake.plugin.json 1.10.0 shadowed',
      'old/x/org.example.fake.plugin.json 1.9.0 shadowed',
    ]);
  });

  it('uses neither of two equal versions in one layer', async () => {
    using folder = temporaryFolder();
    put(folder, 'x', { version: '1.0.0+a' });
    put(folder, 'y', { version: '1.0.0+b' });
    const { entries } = await discover(place(folder.path));
    assert.deepEqual(
      entries.slice(0, 2).map(({ verdict }) => [verdict.verdict, verdict.stage]),
      [
        ['duplicate', 3],
        ['duplicate', 3],
      ],
    );
  });

  it('falls to the next where the winner is not usable, but not where the user named it', async () => {
    using folder = temporaryFolder();
    const wrong = { os: 'sunos', cpu: '*', entry: { type: 'esm', path: 'plugin.mjs' } } as const;
    const named = put(folder, 'first', { targets: [wrong] });
    put(folder, 'second');
    const second = place(join(folder.path, 'second'));
    const fallen = await discover(place(join(folder.path, 'first'), 1), second);
    assert.deepEqual(
      fallen.entries.map(({ verdict }) => verdict.verdict),
      ['wrong-platform', 'compatible', 'ready'],
    );
    assert.match(fallen.entries[1]?.verdict.notes[0]?.text ?? '', /used because .*wrong-platform/);
    const required = await discover(place(named, 1, true), second);
    assert.deepEqual(
      required.entries.map(({ verdict }) => verdict.verdict),
      ['wrong-platform', 'shadowed', 'ready'],
    );
  });

  it('lets no bad manifest hide a good one', async () => {
    using folder = temporaryFolder();
    put(folder, '', { id: 'org.example.good' });
    folder.write('org.example.bad.plugin.json', '{"id": ');
    mkdirSync(join(folder.path, 'org.example.folder.plugin.json'));
    symlinkSync('nowhere', join(folder.path, 'org.example.link.plugin.json'));
    const { entries } = await discover(place(folder.path));
    assert.deepEqual(
      entries.map(({ path, verdict }) => [path.split('.').at(-3), verdict.verdict]),
      [
        ['good', 'compatible'],
        ['bad', 'malformed'],
        ['folder', 'unreadable'],
        ['link', 'unreadable'],
        [undefined, 'ready'],
      ],
    );
  });

  it('says what is not there, and where a file should be a folder', async () => {
    using folder = temporaryFolder();
    const file = folder.write('file', '');
    const { notes, entries } = await discover(
      place(join(folder.path, 'gone'), 1, true),
      place(file, 1),
    );
    assert.equal(entries.length, 1);
    assert.match(notes[0] ?? '', /gone \(test\) is not there/);
    assert.match(notes[1] ?? '', /file \(test\)/);
  });

  it('takes from a project what its package.json names and what its dependencies declare', async () => {
    using folder = temporaryFolder();
    const sealed = (id: string): Partial<Manifest> => ({
      id,
      targets: [
        {
          os: '*',
          cpu: '*',
          entry: { type: 'esm', path: 'plugin.mjs' },
          files: [{ path: 'plugin.mjs', size: 35, sha256: 'a'.repeat(64) }],
        },
      ],
    });
    const install = (name: string, id: string) => {
      put(folder, `node_modules/${name}`, sealed(id));
      const voxhost = { manifest: `./${id}.plugin.json` };
      folder.write(`node_modules/${name}/package.json`, JSON.stringify({ name, voxhost }));
    };
    install('@example/named', 'org.example.named');
    install('dependency', 'org.example.dependency');
    install('stranger', 'org.example.stranger');
    folder.write('node_modules/plain/package.json', '{}');
    const lacking = { voxhost: { manifest: './org.example.lacking.plugin.json' } };
    folder.write('node_modules/lacking/package.json', JSON.stringify(lacking));
    folder.write(
      'package.json',
      JSON.stringify({
        dependencies: { dependency: '1', lacking: '1', plain: '1', '../stranger': '1' },
        voxhost: { plugins: ['@example/named', 'absent'] },
      }),
    );
    const layers = searchLayers(environmentOf({ project: folder.path }));
    const { entries, notes } = await discover(...layers);
    assert.deepEqual(
      entries.map(({ layer, verdict }) => [layer, verdict.id, verdict.verdict]),
      [
        [5, 'org.example.dependency', 'compatible'],
        [5, 'org.example.named', 'compatible'],
        [8, 'reference', 'ready'],
      ],
    );
    assert.equal(notes.length, 2);
    assert.match(notes[0], /names the plugin "absent", which is not installed$/);
    assert.match(notes[1], /names the manifest .*lacking\.plugin\.json, which is not there$/);
  });

  it('finds embedded plugins among the assets', async () => {
    const manifest = manifestOf({ root: 'fake' });
    const files = new Map([
      ['org.example.fake.plugin.json', JSON.stringify(manifest)],
      ['fake/plugin.mjs', 'export default 1;'],
    ]);
    const assets = createAssetSource(
      (key) => {
        const text = files.get(key);
        return text === undefined ? undefined : new TextEncoder().encode(text).buffer;
      },
      [...files.keys()],
    );
    const layers = searchLayers(environmentOf({ assets: '/voxhost-assets' }));
    const { entries } = await discoverPlugins({
      layers,
      facts: machineOf(),
      policy: DEFAULT_POLICY,
      source: createDiskSource(),
      assets,
    });
    assert.deepEqual(
      entries.map(({ layer, verdict }) => [layer, verdict.verdict]),
      [
        [7, 'compatible'],
        [8, 'ready'],
      ],
    );
    const url = await assets.module('/voxhost-assets/fake/plugin.mjs');
    const module = (await import(url.href)) as { default: unknown };
    assert.equal(module.default, 1);
  });
});
