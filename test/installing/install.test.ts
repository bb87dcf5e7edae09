import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { pluginTemplate } from '#host/authoring/template.js';
import { type InstallDisk, realDisk } from '#host/installing/install-disk.js';
import { installPlugin } from '#host/installing/install-plugin.js';
import { installedVersions, installPlaces } from '#host/installing/installed.js';
import { readPackage } from '#host/installing/read-package.js';
import { type VerifiedPackage, verifyPackage } from '#host/installing/verify-package.js';
import { withInstallLock } from '#host/installing/with-install-lock.js';
import { ArchiveFault } from '#host/packing/read-archive.js';
import { type PluginFile, sealManifest } from '#host/packing/seal.js';
import { writeArchive } from '#host/packing/write-archive.js';
import { runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

const ID = 'org.example.mine';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The packed template plugin, of any version; its manifest changed as wanted after sealing. */
function packed(version: string, change: (manifest: Manifest) => object = (m) => m): PluginFile[] {
  const files = pluginTemplate(ID, 'mine');
  const text = (name: string): string => files.find(({ path }) => path === name)?.text ?? '';
  const program = text('plugin.js').replace("VERSION = '0.1.0'", `VERSION = '${version}'`);
  const plugin = { path: 'plugin.js', bytes: bytesOf(program) };
  const manifest = { ...JSON.parse(text(`${ID}.plugin.json`)), version };
  const sealed = change(sealManifest(manifest, [plugin]));
  return [{ path: `${ID}.plugin.json`, bytes: bytesOf(JSON.stringify(sealed)) }, plugin];
}

const verified = (version: string): VerifiedPackage => verifyPackage(packed(version));

describe('what a package may be', () => {
  it('is no name of a registry: nothing is fetched, and how it is had is told', async () => {
    await assert.rejects(readPackage('@example/voxhost-plugin@1.0.0'), {
      code: 'BAD_FILE',
      message: /; get it first: npm pack @example\/voxhost-plugin@1\.0\.0$/,
    });
    await assert.rejects(readPackage('mine.tgz'), /does not exist; check the path$/);
  });

  const REFUSED: readonly (readonly [string, () => readonly PluginFile[], RegExp])[] = [
    ['no manifest', () => packed('1.0.0').slice(1), /0 manifests/],
    [
      'two manifests',
      () => [...packed('1.0.0'), { path: 'b.plugin.json', bytes: bytesOf('{}') }],
      /2 manifests/,
    ],
    [
      'a manifest of another name',
      () => packed('1.0.0').map((f, i) => (i === 0 ? { ...f, path: 'other.plugin.json' } : f)),
      /is named other\.plugin\.json/,
    ],
    [
      'a manifest that is not sealed',
      () => packed('1.0.0', (m) => ({ ...m, targets: m.targets.map(({ files: _, ...t }) => t) })),
      /not sealed/,
    ],
    ['a root elsewhere', () => packed('1.0.0', (m) => ({ ...m, root: '..' })), /root/],
    ['a malformed manifest', () => packed('1.0.0', (m) => ({ ...m, abi: 1 })), /malformed.*abi/],
    ['a file that is missing', () => packed('1.0.0').slice(0, 1), /lacks plugin\.js/],
    [
      'a file that is one byte longer',
      () => packed('1.0.0').map((f, i) => (i === 1 ? { ...f, bytes: bytesOf('x') } : f)),
      /not the one its manifest seals/,
    ],
    [
      'code that is not listed',
      () => [...packed('1.0.0'), { path: 'hook.js', bytes: bytesOf('') }],
      /hook\.js, which its manifest does not list/,
    ],
  ];
  for (const [what, files, says] of REFUSED) {
    it(`${what} is refused`, () => {
      assert.throws(
        () => verifyPackage(files()),
        (error: Error) => error instanceof ArchiveFault && says.test(error.message),
      );
    });
  }

  it('what npm adds to an archive is left out', () => {
    const extra = ['package.json', 'README.md', 'LICENSE'].map((path) => ({
      path,
      bytes: bytesOf('{}'),
    }));
    const { files } = verifyPackage([...packed('1.0.0'), ...extra]);
    assert.deepEqual(
      files.map(({ path }) => path),
      [`${ID}.plugin.json`, 'plugin.js'],
    );
  });
});

/** A disk whose n-th step fails, and where `dies` every later one too, as after a power loss. */
function failing(nth: number, dies: boolean): InstallDisk & { readonly steps: () => number } {
  let step = 0;
  const through =
    <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      step += 1;
      if (step === nth || (dies && step > nth)) {
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      }
      return work(...args);
    };
  return {
    list: through(realDisk.list),
    read: through(realDisk.read),
    makeFolder: through(realDisk.makeFolder),
    write: through(realDisk.write),
    rename: through(realDisk.rename),
    remove: through(realDisk.remove),
    steps: () => step,
  };
}

describe('installing', () => {
  it('at whatever step it fails or dies, a whole version is there and the next try succeeds', async () => {
    const steps = await countSteps();
    assert.ok(steps > 10, `${steps} steps only`);
    for (const dies of [false, true]) {
      for (let nth = 1; nth <= steps; nth++) {
        await using folder = await scratchFolder();
        const places = installPlaces(join(folder.path, 'plugins'));
        await installPlugin(verified('1.0.0'), places, realDisk);
        await assert.rejects(installPlugin(verified('1.1.0'), places, failing(nth, dies)), {
          code: 'ENOSPC',
        });
        await assertWhole(places.plugins);
        await installPlugin(verified('1.1.0'), places, realDisk);
        assert.deepEqual(await installedVersions(ID, places.plugins, realDisk), ['1.1.0']);
        assert.deepEqual(await readdir(folder.path), ['plugins'], 'nothing else is left');
      }
    }
  });

  async function countSteps(): Promise<number> {
    await using folder = await scratchFolder();
    const places = installPlaces(join(folder.path, 'plugins'));
    await installPlugin(verified('1.0.0'), places, realDisk);
    const disk = failing(Number.POSITIVE_INFINITY, false);
    await installPlugin(verified('1.1.0'), places, disk);
    return disk.steps();
  }

  /** Every version in sight is complete, and there is one. */
  async function assertWhole(plugins: string): Promise<void> {
    const versions = await installedVersions(ID, plugins, realDisk);
    assert.ok(versions.length > 0, 'no version is left');
    for (const version of versions) {
      for (const { path, bytes } of verified(version).files) {
        const there = await readFile(join(plugins, `${ID}@${version}`, path));
        assert.deepEqual(new Uint8Array(there), bytes);
      }
    }
  }

  it('an aborted one leaves what was there', async () => {
    await using folder = await scratchFolder();
    const places = installPlaces(join(folder.path, 'plugins'));
    const signal = AbortSignal.abort(new Error('given up'));
    await assert.rejects(
      installPlugin(verified('1.0.0'), places, realDisk, { signal }),
      /given up/,
    );
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('1.10.0 is higher than 1.9.0, and a downgrade is asked for', async () => {
    await using folder = await scratchFolder();
    const places = installPlaces(join(folder.path, 'plugins'));
    await installPlugin(verified('1.10.0'), places, realDisk);
    await assert.rejects(installPlugin(verified('1.9.0'), places, realDisk), /--allow-downgrade/);
    const allowed = { allowDowngrade: true };
    const done = await installPlugin(verified('1.9.0'), places, realDisk, allowed);
    assert.deepEqual(done.replaced, ['1.10.0']);
    assert.deepEqual(await installedVersions(ID, places.plugins, realDisk), ['1.9.0']);
  });

  it('waits for another installer, and breaks the lock of one that is gone', async () => {
    await using folder = await scratchFolder();
    const lock = join(folder.path, 'install.lock');
    const order: string[] = [];
    const first = withInstallLock(lock, { waitMs: 5000 }, async () => {
      order.push('first begins');
      await new Promise((resolve) => setTimeout(resolve, 120));
      order.push('first ends');
    });
    while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await withInstallLock(lock, { waitMs: 5000 }, async () => void order.push('second'));
    await first;
    assert.deepEqual(order, ['first begins', 'first ends', 'second']);
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await writeFile(lock, `${pid}\n`);
    assert.equal(await withInstallLock(lock, { waitMs: 5000 }, async () => 'done'), 'done');
    await writeFile(lock, `${process.pid}\n`);
    await assert.rejects(
      withInstallLock(lock, { waitMs: 100 }, async () => 'never'),
      {
        code: 'CANNOT_WRITE',
      },
    );
    assert.deepEqual(await readdir(folder.path), ['install.lock'], 'a live lock is left alone');
  });
});

describe('voxhost plugins install and remove', function () {
  this.timeout(60_000);

  it('a packed plugin is installed, found, used and removed', async () => {
    await using folder = await scratchFolder();
    const run = (...argv: readonly string[]) => runVoxhost(argv, folder.path);
    await writeFile(join(folder.path, 'mine.tgz'), writeArchive(packed('1.0.0')));
    const installed = await run('plugins', 'install', 'mine.tgz', '--json');
    assert.equal(installed.exitCode, 0, installed.err);
    const { outcome, verdict } = JSON.parse(installed.out);
    assert.deepEqual([outcome, verdict.verdict], ['installed', 'compatible']);
    const { out } = await run('plugins', 'info', ID, '--json');
    assert.deepEqual(
      JSON.parse(out).plugins.map((p: { layer: number; sealed: boolean }) => [p.layer, p.sealed]),
      [[4, true]],
    );
    assert.equal((await run('phantom', 'head.nii', '--size', '20')).exitCode, 0);
    await run('resample', 'head.nii', 'f.nii', '--pixel-type', 'float32', '--size', '21');
    const line = ['resample', 'f.nii', 'o.nii', '--size', '30', '--interpolator', 'nearest'];
    const used = await run(...line, '--backend', 'mine', '--json');
    assert.equal(used.exitCode, 0, used.err);
    assert.equal(JSON.parse(used.out).provenance.backend, 'mine');
    const again = await run('plugins', 'install', 'mine.tgz', '--json');
    assert.equal(JSON.parse(again.out).outcome, 'already');
    const removed = await run('plugins', 'remove', 'mine');
    assert.equal(removed.exitCode, 0, removed.err);
    assert.equal((await run('plugins', 'info', ID)).exitCode, 2);
    const twice = await run('plugins', 'remove', ID);
    assert.equal(twice.exitCode, 2);
    assert.match(twice.err, /was not installed for this user, and was not found/);
  });

  it('what is disabled is not used until it is enabled, and survives a restart', async () => {
    await using folder = await scratchFolder();
    const run = (...argv: readonly string[]) => runVoxhost(argv, folder.path);
    const verdictOf = async (id: string) => {
      const { out } = await run('plugins', 'info', id, '--json');
      return JSON.parse(out).plugins[0].verdict.verdict;
    };
    assert.equal((await run('plugins', 'disable', 'cpu')).exitCode, 0);
    assert.equal(await verdictOf('org.voxhost.cpu'), 'disabled');
    await run('phantom', 'head.nii', '--size', '20');
    const used = await run('resample', 'head.nii', 'out.nii', '--size', '9', '--json');
    assert.equal(JSON.parse(used.out).provenance.backend, 'reference', 'the reference remains');
    const required = await run(
      'resample',
      'head.nii',
      'out.nii',
      '--size',
      '9',
      '--backend',
      'cpu',
    );
    assert.equal(required.exitCode, 4);
    assert.match(required.err, /disabled/);
    assert.match((await run('plugins', 'enable', 'cpu')).out, /org\.voxhost\.cpu is enabled/);
    assert.equal(await verdictOf('org.voxhost.cpu'), 'compatible');
    assert.match((await run('plugins', 'enable', 'cpu')).out, /was not disabled/);
    assert.equal((await run('plugins', 'disable', 'reference')).exitCode, 2);
  });

  it('trust of what is not there names what is', async () => {
    await using folder = await scratchFolder();
    const { exitCode, err } = await runVoxhost(['plugins', 'trust', 'nope'], folder.path);
    assert.equal(exitCode, 2);
    assert.match(err, /no plugin "nope" was found; found are .*org\.voxhost\.cpu/);
  });

  it('trust is for exactly the bytes that were trusted', async () => {
    await using folder = await scratchFolder();
    const run = (...argv: readonly string[]) => runVoxhost(argv, folder.path);
    await writeFile(join(folder.path, 'mine.tgz'), writeArchive(packed('1.0.0')));
    const installed = JSON.parse((await run('plugins', 'install', 'mine.tgz', '--json')).out);
    const isTrusted = async () =>
      JSON.parse((await run('plugins', 'info', ID, '--json')).out).plugins[0].trusted;
    assert.equal(await isTrusted(), false);
    const trusted = await run('plugins', 'trust', 'mine');
    assert.equal(trusted.exitCode, 0, trusted.err);
    assert.equal(await isTrusted(), true);
    assert.equal((await run('plugins', 'trust', 'mine', '--revoke')).exitCode, 0);
    assert.equal(await isTrusted(), false);
    await writeFile(join(installed.path, 'plugin.js'), 'export default 1;');
    const changed = await run('plugins', 'trust', 'mine');
    assert.notEqual(changed.exitCode, 0);
    assert.match(changed.err, /corrupt|not usable/);
    assert.equal(await isTrusted(), false);
  });

  it('what does not belong to the user is not removed', async () => {
    await using folder = await scratchFolder();
    const { exitCode, err } = await runVoxhost(
      ['plugins', 'remove', 'org.voxhost.cpu'],
      folder.path,
    );
    assert.equal(exitCode, 2);
    assert.match(err, /was not installed for this user, but found at .*bundled/);
  });

  it('a version whose bytes changed is refused, and what was there stays', async () => {
    await using folder = await scratchFolder();
    const [manifest, plugin] = packed('1.0.0');
    await writeFile(join(folder.path, 'a.tgz'), writeArchive([manifest, plugin]));
    const other = packed('1.0.0', (m) => ({ ...m, displayName: 'changed' }));
    await writeFile(join(folder.path, 'b.tgz'), writeArchive(other));
    assert.equal((await runVoxhost(['plugins', 'install', 'a.tgz'], folder.path)).exitCode, 0);
    const { exitCode, err } = await runVoxhost(['plugins', 'install', 'b.tgz'], folder.path);
    assert.equal(exitCode, 3);
    assert.match(err, /same version with another .*; remove it first/);
  });

  it('a broken archive or folder is one clear line, exit 3, and nothing is installed', async () => {
    await using folder = await scratchFolder();
    const archive = writeArchive(packed('1.0.0'));
    await writeFile(join(folder.path, 'cut.tgz'), archive.subarray(0, 100));
    await writeFile(join(folder.path, 'page.tgz'), '<html>404</html>');
    await mkdir(join(folder.path, 'empty'));
    for (const name of ['cut.tgz', 'page.tgz', 'empty', 'absent.tgz']) {
      const { exitCode, out, err } = await runVoxhost(['plugins', 'install', name], folder.path);
      assert.equal(exitCode, 3, name);
      assert.equal(out, '');
      assert.match(err, new RegExp(`^voxhost: ${name}: .*; .*\n$`));
    }
    assert.ok(!(await readdir(folder.path)).includes('.data'), 'the place of plugins is not made');
  });

  it('two installers at the same time both succeed, one after the other', async () => {
    await using folder = await scratchFolder();
    await writeFile(join(folder.path, 'a.tgz'), writeArchive(packed('1.0.0')));
    const both = await Promise.all(
      [1, 2].map(() => runVoxhost(['plugins', 'install', 'a.tgz', '--json'], folder.path)),
    );
    const outcomes = both.map(({ out, err }) => (out === '' ? err : JSON.parse(out).outcome));
    assert.deepEqual(outcomes.sort(), ['already', 'installed']);
  });
});
