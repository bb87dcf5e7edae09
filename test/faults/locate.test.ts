import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeSettings } from '#host/discovery/plugin-settings.js';
import { searchLayers } from '#host/discovery/search-layers.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { environmentOf } from '../support/environment.js';
import { runVoxhost } from '../support/run-voxhost.js';
import { skipBecause } from '../support/skip-because.js';
import { LOCATE_FAULTS, placeOf } from './locate-faults.js';
import { BAD, COMPATIBLE, expectVerdict, verdictText, Zoo } from './zoo.js';

const FILE = `${BAD}.plugin.json`;
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const trustedOwners = [0, process.getuid?.() ?? 0];
const CLI = fileURLToPath(new URL('../../../host/bin/voxhost.js', import.meta.url));

describe('faults of locating', () => {
  it('E01 an empty folder, a missing one, a file for a folder', async () => {
    using zoo = new Zoo();
    mkdirSync(join(zoo.root, 'empty'));
    const file = zoo.folder.write('file', '');
    const settings = mergeSettings(
      [
        {
          kind: 'flag',
          values: { add: [join(zoo.root, 'empty'), join(zoo.root, 'gone'), file] },
          origin: () => 'test',
        },
      ],
      'linux',
    );
    const layers = searchLayers(environmentOf({ settings })).filter(({ layer }) => layer === 1);
    const { entries, notes } = await zoo.look({ layers });
    assert.equal(entries.length, 1);
    assert.equal(notes.length, 2);
  });

  for (const [name, verdict, plant] of LOCATE_FAULTS)
    it(`${name}: ${verdict}`, () => expectVerdict(verdict, plant, { policy: { trustedOwners } }));

  it('E03 a socket', async () => {
    using zoo = new Zoo();
    const server = createServer().listen(placeOf(zoo));
    await new Promise((listening) => server.once('listening', listening));
    assert.equal(await zoo.verdict(), 'locate: unreadable');
    server.close();
  });

  it('E05 no permission to read: a manifest is unreadable, a folder is told', async function () {
    using zoo = new Zoo();
    const path = zoo.plant(BAD);
    chmodSync(path, 0);
    chmodSync(join(zoo.root, 'org.example.zz-good'), 0);
    chmodSync(zoo.folder.path, 0o755);
    const other = isRoot ? { uid: NOBODY } : {}; // root reads everything
    const voxhost = (...argv: readonly string[]) => runVoxhost(argv, zoo.folder.path, other);
    if ((await voxhost('--version')).exitCode !== 0)
      return skipBecause(this, 'another user cannot read this checkout');
    const { exitCode, out } = await voxhost('plugins', 'check', path, '--json');
    assert.equal(exitCode, 3);
    assert.equal(
      (JSON.parse(out) as { verdict: { verdict: string } }).verdict.verdict,
      'unreadable',
    );
    const listed = await voxhost('plugins', 'list', '--plugin-only', zoo.root);
    assert.equal(listed.exitCode, 0);
    assert.match(listed.out, /note: .*org\.example\.zz-good: EACCES/);
    chmodSync(join(zoo.root, 'org.example.zz-good'), 0o755);
  });

  it('E06 the user’s layer in an elevated process', () => {
    const layers = searchLayers(environmentOf({ elevated: true }));
    assert.ok(!layers.some(({ layer }) => layer === 4));
  });

  /** The disk, on which something happens just before the bad manifest is read. */
  const disturbed = (act: (path: string) => void) => {
    const disk = createDiskSource();
    return {
      ...disk,
      load: async (path: string, limit: number) => {
        if (path.includes(FILE)) act(path);
        return disk.load(path, limit);
      },
    };
  };
  it('E08 gone between look and read', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD);
    const source = disturbed((path) => rmSync(path, { force: true }));
    const { entries } = await zoo.look({ source });
    const bad = entries.find(({ path }) => path.includes(FILE));
    assert.equal(bad?.verdict.verdict, 'unreadable');
  });
  it('E08 replaced between look and read: the new one, whole', async () => {
    using zoo = new Zoo();
    const files = { 'plugin.mjs': 'export default 1;' };
    zoo.plant(BAD, { manifest: { version: '1.0.0' }, files });
    using next = new Zoo();
    const newer = next.plant(BAD, { manifest: { version: '2.0.0' }, files });
    const source = disturbed((path) => {
      try {
        renameSync(newer, path);
      } catch {
        // the second look finds it in place
      }
    });
    const { entries } = await zoo.look({ source });
    const bad = entries.find(({ verdict }) => verdict.id === BAD);
    assert.deepEqual([bad?.verdict.version, bad?.verdict.verdict], ['2.0.0', 'compatible']);
  });

  it('E09 many, with strange names, in the same order every time', async () => {
    using zoo = new Zoo();
    for (let i = 0; i < 300; i++) zoo.plant(`org.example.n${i}`);
    const names = ['😀', 'new\nline', '\u202egnp', 'x'.repeat(255 - '.plugin.json'.length), 'con'];
    for (const name of names) writeFileSync(join(zoo.root, `${name}.plugin.json`), '{}');
    const deep = join(...Array.from({ length: 3 }, () => 'd'.repeat(100)));
    zoo.plant(BAD, { folder: deep });
    const first = await zoo.look({ depth: 'quick' });
    const second = await zoo.look({ depth: 'quick' });
    assert.deepEqual(
      first.entries.map(({ path }) => path),
      second.entries.map(({ path }) => path),
    );
    const words = first.entries.map(({ verdict }) => verdict.verdict);
    assert.equal(words.filter((word) => word === 'compatible').length, 302);
    assert.equal(words.filter((word) => word === 'malformed').length, names.length);
  });

  for (const [name, one, other] of [
    ['case', 'Twin', 'twin'],
    ['composition', 'tw\u00efn', 'twi\u0308n'],
  ] as const)
    it(`E10 twins by ${name}`, async () => {
      using zoo = new Zoo();
      zoo.plant(BAD, { folder: `${BAD}-${one}` });
      zoo.plant(BAD, { folder: `${BAD}-${other}` });
      assert.equal(await zoo.verdict(), 'identity: duplicate');
    });

  it('E11 a list of paths with everything that goes wrong in one', async () => {
    using zoo = new Zoo();
    const add = `:${zoo.root}::/nowhere/at/all:relative:~/home:"/quoted":C:\\x;${zoo.root}:`;
    const settings = mergeSettings(
      [{ kind: 'environment', values: { add }, origin: () => 'VOXHOST_ADD_PLUGIN_PATH' }],
      'linux',
    );
    const layers = searchLayers(environmentOf({ settings }));
    const { entries, notes } = await zoo.look({ layers });
    assert.equal(entries.filter(({ layer }) => layer === 2).length, 2);
    assert.equal(settings.notes.length, 5);
    assert.ok(notes.some((note) => note.includes('/nowhere/at/all')));
  });

  it('E12 plugins and libraries planted in the current directory', () => {
    using zoo = new Zoo();
    zoo.plant(BAD, { folder: '.' });
    writeFileSync(join(zoo.root, 'libcudart.so.12'), 'planted');
    const home = join(zoo.folder.path, 'home');
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'plugins', 'list', '--json'], {
      cwd: zoo.root,
      encoding: 'utf8',
      env: { ...process.env, HOME: home, XDG_DATA_HOME: home, LD_LIBRARY_PATH: '' },
    });
    assert.equal(status, 0);
    assert.ok(!stdout.includes(BAD) && stdout.includes('reference'));
  });

  it('a good plugin is compatible here', () => expectVerdict(COMPATIBLE, (zoo) => zoo.plant(BAD)));
  it('and a layer that needs no seals takes it too', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD);
    const { entries } = await zoo.look({ layer: 7 });
    assert.ok(entries.slice(0, 3).every((entry) => verdictText(entry) === COMPATIBLE));
  });
});
