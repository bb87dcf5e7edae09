import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import fc from 'fast-check';
import { parseIdPattern } from '#host/compatibility/id-pattern.js';
import type { PolicyPatterns } from '#host/compatibility/policy.js';
import type { Layer } from '#host/discovery/catalogue.js';
import { createDigestCache } from '#host/discovery/digest-cache.js';
import { mergeSettings } from '#host/discovery/plugin-settings.js';
import { readLock } from '#host/discovery/read-lock.js';
import { readPluginConfiguration } from '#host/discovery/read-plugin-configuration.js';
import type { SearchPlace } from '#host/discovery/search-layers.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { BAD, expectVerdict, sealOf, Zoo } from './zoo.js';

const place = (path: string, layer: Layer, explicit = false): SearchPlace => ({
  layer,
  kind: 'path',
  path,
  origin: 'test',
  explicit,
  source: 'disk',
});
const patterns = (...texts: readonly string[]): PolicyPatterns => ({
  value: texts.flatMap((text) => parseIdPattern(text) ?? []),
  origin: 'test',
});
const sunos = { os: 'sunos' };

/** Versions of the bad plugin, with their words, in order. */
const versions = async (zoo: Zoo, layers?: readonly SearchPlace[], policy = {}) =>
  (await zoo.look({ policy, ...(layers === undefined ? {} : { layers }) })).entries
    .filter(({ verdict }) => verdict.id === BAD)
    .map(({ verdict }) => `${verdict.version} ${verdict.verdict}`);

describe('faults of precedence and policy', () => {
  it('E25 the same version twice in one layer: neither', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD, { folder: `${BAD}-1` });
    zoo.plant(BAD, { folder: `${BAD}-2` });
    assert.deepEqual(await versions(zoo), ['1.0.0 duplicate', '1.0.0 duplicate']);
  });

  it('E25 the same version in two layers: the lower is shadowed', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD, { folder: `high/${BAD}` });
    zoo.plant(BAD, { folder: `low/${BAD}` });
    const layers = [place(join(zoo.root, 'low'), 6), place(join(zoo.root, 'high'), 4)];
    assert.deepEqual(await versions(zoo, layers), ['1.0.0 compatible', '1.0.0 shadowed']);
  });

  it('E26 versions are compared as versions', async () => {
    using zoo = new Zoo();
    for (const version of ['1.9.0', '1.10.0', '2.0.0-rc.1', '2.0.0'])
      zoo.plant(BAD, { folder: `${BAD}-${version}`, manifest: { version } });
    assert.deepEqual(
      (await versions(zoo)).map((line) => line.split(' ')[0]),
      ['2.0.0', '2.0.0-rc.1', '1.10.0', '1.9.0'],
    );
  });

  it('E26 what a lock file pins goes before higher versions of its layer, and no further', async () => {
    using zoo = new Zoo();
    for (const version of ['1.0.0', '1.1.0', '1.2.0'])
      zoo.plant(BAD, { folder: `${BAD}-${version}`, manifest: { version } });
    zoo.plant(BAD, { folder: `high/${BAD}`, manifest: { version: '0.9.0' } });
    const pins = new Map([[BAD, { version: '1.1.0', origin: 'voxhost.lock' }]]);
    const low = place(zoo.root, 6);
    const of = ['1.1.0 compatible', '1.2.0 shadowed', '1.0.0 shadowed'];
    assert.deepEqual(await versions(zoo, [low], { pins }), of);
    const layers = [place(join(zoo.root, 'high'), 4), low];
    assert.deepEqual(await versions(zoo, layers, { pins }), [
      '0.9.0 compatible',
      ...of.map((line) => line.replace('compatible', 'shadowed')),
    ]);
  });

  it('E72 other bytes under a version that is pinned with its digest are refused', async () => {
    using zoo = new Zoo();
    const path = zoo.plant(BAD);
    const { sha256 } = sealOf('', readFileSync(path));
    const pinned = (digest: string) => {
      const text = JSON.stringify({ plugins: { [BAD]: { version: '1.0.0', sha256: digest } } });
      const { pins, notes } = readLock(zoo.folder.write('voxhost.lock', text));
      assert.deepEqual(notes, []);
      return { policy: { pins } };
    };
    assert.equal(await zoo.verdict(pinned(sha256)), 'require: compatible');
    assert.equal(await zoo.verdict(pinned('0'.repeat(64))), 'policy: untrusted');
  });

  it('E32 a lock file that is broken pins nothing, and is told', () => {
    using zoo = new Zoo();
    const texts = [
      '{"plugins": {',
      '[]',
      '{"plugins": {"a": {"version": 1}}}',
      '{"plugins":{"a":{"version":"1.0.0","sha256":"A"}}}',
    ];
    for (const text of texts) {
      const { pins, notes } = readLock(zoo.folder.write('voxhost.lock', text));
      assert.equal(pins.size, 0);
      assert.equal(notes.length, 1, text);
    }
    assert.equal(readLock('/nowhere/voxhost.lock').notes.length, 1);
  });

  it('E27 the winner cannot run: the next does, and says so; not where the winner was named', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD, { folder: `${BAD}-1`, manifest: { version: '1.0.0' } });
    const named = zoo.plant(BAD, {
      folder: `${BAD}-2`,
      manifest: { version: '2.0.0' },
      target: sunos,
    });
    assert.deepEqual(await versions(zoo), ['2.0.0 wrong-platform', '1.0.0 compatible']);
    const layers = [place(named, 1, true), place(zoo.root, 4)];
    assert.deepEqual(await versions(zoo, layers), ['2.0.0 wrong-platform', '1.0.0 shadowed']);
  });

  it('E28 the order of folders’ entries changes nothing', async () => {
    using zoo = new Zoo();
    for (let i = 0; i < 8; i++)
      zoo.plant(`${BAD}${i % 3}`, { folder: `f${i}`, manifest: { version: `1.${i >> 1}.0` } });
    const pins = new Map([[`${BAD}0`, { version: '1.1.0', origin: 'voxhost.lock' }]]);
    const disk = createDiskSource();
    type Shuffle = <T>(entries: readonly T[]) => readonly T[];
    const order = async (shuffle: Shuffle) => {
      const source = {
        ...disk,
        list: async (folder: string) => {
          const entries = await disk.list(folder);
          return entries && shuffle(entries);
        },
      };
      const { entries } = await zoo.look({ source, depth: 'quick', policy: { pins } });
      return entries.map(({ path, verdict }) => `${path} ${verdict.verdict}`);
    };
    const expected = await order((entries) => entries);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (keys) => {
        const shuffle: Shuffle = (entries) =>
          entries
            .map((entry) => [keys.next().value as number, entry] as const)
            .sort(([a], [b]) => a - b)
            .map(([, entry]) => entry);
        assert.deepEqual(await order(shuffle), expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('E29 select beats disable; patterns that match nothing are told', async () => {
    const plant = (zoo: Zoo) => void zoo.plant(BAD);
    const select = patterns('org.example.*', 'org.nobody');
    await expectVerdict('require: compatible', plant, {
      policy: { select, disable: patterns('**') },
    });
    await expectVerdict('policy: excluded', plant, { policy: { disable: patterns('*mm-b*') } });
    using zoo = new Zoo();
    const { notes } = await zoo.look({ policy: { select } });
    assert.deepEqual(notes, ['test has "org.nobody", which matches no plugin']);
  });

  it('E30 everything disabled: the reference remains', async () => {
    using zoo = new Zoo();
    const { entries } = await zoo.look({ policy: { disable: patterns('*') } });
    assert.deepEqual(
      entries.map(({ verdict }) => verdict.verdict),
      ['excluded', 'excluded', 'ready'],
    );
    await expectVerdict('policy: disabled', (other) => void other.plant(BAD), {
      policy: { disabled: [BAD, 'org.example.not-there'] },
    });
  });

  const needs = (...ids: readonly string[]) => ({
    manifest: { dependsOn: ids.map((id) => ({ id, version: '^1' })) },
  });
  const dependencies: readonly (readonly [string, string, (zoo: Zoo) => void])[] = [
    ['missing', 'policy: dependency-failed', (zoo) => zoo.plant(BAD, needs('org.example.gone'))],
    [
      'of another version',
      'policy: dependency-failed',
      (zoo) =>
        zoo.plant(BAD, {
          manifest: { dependsOn: [{ id: 'org.example.aa-good', version: '^2' }] },
        }),
    ],
    ['there', 'require: compatible', (zoo) => zoo.plant(BAD, needs('org.example.aa-good'))],
    [
      'missing, but optional',
      'require: compatible',
      (zoo) =>
        zoo.plant(BAD, {
          manifest: { dependsOn: [{ id: 'org.example.gone', version: '1', optional: true }] },
        }),
    ],
    ['itself', 'policy: dependency-cycle', (zoo) => zoo.plant(BAD, needs(BAD))],
    [
      'a circle of two',
      'policy: dependency-cycle',
      (zoo) => {
        zoo.plant(BAD, needs('org.example.back'));
        zoo.plant('org.example.back', needs(BAD));
      },
    ],
    [
      'that leads into a circle of others',
      'policy: dependency-failed',
      (zoo) => {
        zoo.plant(BAD, needs('org.example.one'));
        zoo.plant('org.example.one', needs('org.example.two'));
        zoo.plant('org.example.two', needs('org.example.one'));
      },
    ],
    [
      'on either side of a diamond, whose ranges of the last do not meet',
      'policy: dependency-failed',
      (zoo) => {
        const on = (id: string, version: string) => ({
          manifest: { dependsOn: [{ id, version }] },
        });
        zoo.plant(BAD, needs('org.example.left', 'org.example.right'));
        zoo.plant('org.example.left', on('org.example.aa-good', '^1'));
        zoo.plant('org.example.right', on('org.example.aa-good', '^2'));
      },
    ],
    [
      'whose own is missing',
      'policy: dependency-failed',
      (zoo) => {
        zoo.plant(BAD, needs('org.example.middle'));
        zoo.plant('org.example.middle', needs('org.example.gone'));
      },
    ],
  ];
  for (const [name, verdict, plant] of dependencies)
    it(`E31 a dependency ${name}: ${verdict}`, () => expectVerdict(verdict, plant));

  it('E31 the circle is shown to each of its members, starting with itself', async () => {
    using zoo = new Zoo();
    const ids = ['org.example.one', 'org.example.three', 'org.example.two'];
    zoo.plant('org.example.one', needs('org.example.two'));
    zoo.plant('org.example.two', needs('org.example.three'));
    zoo.plant('org.example.three', needs('org.example.one'));
    const { entries } = await zoo.look();
    const found = ids.map((id) => entries.find(({ verdict }) => verdict.id === id)?.verdict);
    assert.deepEqual(
      found.map((verdict) => String(verdict?.evidence.found).replaceAll('org.example.', '')),
      ['one -> two -> three -> one', 'three -> one -> two -> three', 'two -> three -> one -> two'],
    );
  });

  describe('conflicts: of two that would share the host’s process the lower goes apart', () => {
    const against = (id: string, version?: string) => ({
      conflicts: [version === undefined ? { id } : { id, version }],
    });
    const settled = async (manifest: Partial<Manifest>, layer: Layer = 7) => {
      using zoo = new Zoo();
      zoo.plant(BAD, { manifest });
      const { entries } = await zoo.look({ layer });
      const bad = entries.find(({ verdict }) => verdict.id === BAD);
      const notes = bad?.verdict.notes.filter(({ text }) => text.includes('process of its own'));
      return [bad?.verdict.verdict, bad?.apartFrom, notes?.length];
    };
    const enemy = 'org.example.aa-good';
    it('into a process of its own, and says so', async () => {
      assert.deepEqual(await settled(against(enemy)), ['compatible', enemy, 1]);
    });
    it('but not where the versions are others', async () => {
      assert.deepEqual(await settled(against(enemy, '^2')), ['compatible', undefined, 0]);
    });
    it('nor where each has its own process anyway', async () => {
      assert.deepEqual(await settled(against(enemy), 4), ['compatible', undefined, 0]);
    });
    it('and is refused where it cannot run in one', async () => {
      const isolation = { supports: ['inline'], default: 'inline' } as const;
      assert.deepEqual(await settled({ ...against(enemy), isolation }), [
        'dependency-failed',
        undefined,
        0,
      ]);
    });
    it('whichever of the two says it', async () => {
      using zoo = new Zoo();
      zoo.plant('org.example.ab-first', { manifest: against(BAD) });
      zoo.plant(BAD);
      const { entries } = await zoo.look({ layer: 7 });
      const bad = entries.find(({ verdict }) => verdict.id === BAD);
      assert.equal(bad?.apartFrom, 'org.example.ab-first');
    });
  });

  const damages: readonly (readonly [string, string])[] = [
    ['corrupt', '{"format": 1, "files"'],
    ['half of it wrong', '{"format": 1, "files": {"/x": [1, 2, 3, "zz"]}}'],
    ['from the future', '{"format": 99, "files": {}}'],
    ['of another kind', '[]'],
    ['empty', ''],
  ];
  for (const [name, text] of damages)
    it(`E32 a cache that is ${name} heals itself`, async () => {
      using zoo = new Zoo();
      const file = zoo.folder.write('cache/digests.json', text);
      const look = async () => {
        const cache = createDigestCache(join(file, '..'), () => Date.now() + 60_000);
        const { entries } = await zoo.look({ depth: 'full', ...({ cache } as object) });
        return entries.map(({ verdict }) => verdict.verdict);
      };
      assert.deepEqual(await look(), ['compatible', 'compatible', 'ready']);
      const quick = createDigestCache(join(file, '..'));
      const { entries } = await zoo.look({ depth: 'quick', ...({ cache: quick } as object) });
      assert.ok(entries.every(({ verdict }) => verdict.verdict !== 'corrupt'));
    });

  it('E32 a cache that cannot be written, a configuration that cannot be read', async () => {
    using zoo = new Zoo();
    const file = zoo.folder.write('file', '');
    const cache = createDigestCache(join(file, 'below'), () => Date.now() + 60_000);
    const { entries } = await zoo.look({ ...({ cache } as object) });
    assert.equal(entries.length, 3);
    const config = zoo.folder.write('config/config.json', '{"plugins": {"select": ');
    const broken = readPluginConfiguration(join(config, '..'));
    assert.deepEqual(broken.values, {});
    assert.match(mergeSettings([broken], 'linux').notes.join(), /config\.json is no JSON object/);
    assert.deepEqual(mergeSettings([readPluginConfiguration('/nowhere')], 'linux').notes, []);
    writeFileSync(config, '{"plugins": {"select": 7, "disable": ["a"], "only": [1]}}');
    assert.deepEqual(readPluginConfiguration(join(config, '..')).values, { disable: ['a'] });
  });
});
