import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readArchive } from '#host/packing/read-archive.js';
import { runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

const PLUGINS = ['cpu', 'cuda', 'impact', 'tensorflow'];

/** As npm lays out what `npm pack` made of the plugins of this repository. */
async function installPacked(project: string): Promise<void> {
  const workspaces = PLUGINS.flatMap((name) => ['-w', `plugins/${name}`]);
  await promisify(execFile)('npm', ['pack', ...workspaces, '--pack-destination', project], {
    shell: process.platform === 'win32',
  });
  const names: string[] = [];
  for (const archive of (await readdir(project)).filter((name) => name.endsWith('.tgz'))) {
    const files = readArchive(await readFile(join(project, archive)));
    const packed = files.find(({ path }) => path === 'package.json');
    const { name } = JSON.parse(Buffer.from(packed?.bytes ?? '').toString());
    names.push(name);
    for (const { path, bytes } of files) {
      const to = join(project, 'node_modules', name, path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, bytes);
    }
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, '0.1.0']));
  await writeFile(join(project, 'package.json'), JSON.stringify({ dependencies }));
}

describe('the plugins of this repository as npm packs them', function () {
  this.timeout(60_000);

  it('are found by a project that depends on them, and the CPU serves', async () => {
    await using folder = await scratchFolder();
    await installPacked(folder.path);
    const run = async (...argv: string[]) => {
      const { exitCode, out, err } = await runVoxhost(
        [...argv, '--project', folder.path, '--json'],
        folder.path,
      );
      assert.equal(exitCode, 0, err);
      return JSON.parse(out);
    };
    const { plugins } = await run('plugins', 'list');
    const found = plugins
      .filter(({ layer }: { layer: number }) => layer === 5)
      .map(({ name, sealed }: { name: string; sealed: boolean }) => [name, sealed]);
    assert.deepEqual(
      found,
      PLUGINS.map((name) => [name, true]),
    );
    const { plugins: examined } = await run('plugins', 'doctor');
    const cpu = examined.find(({ path }: { path: string }) => /node_modules.*cpu/.test(path));
    assert.equal(cpu.verdict, 'ready');
    for (const name of PLUGINS)
      assert.ok(!(await readdir(`plugins/${name}`)).some((file) => /plugin\.json$/.test(file)));
  });
});
