import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createHost } from 'voxhost';
import { headPhantom, readImage } from 'voxhost/io';
import { resampleImage } from 'voxhost/lazy';
import { type Ended, start } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';
import { skipBecause } from '../support/skip-because.js';

/** Marks a Node.js that can carry a program; builds of some distributions lack it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

describe('the single executable', function () {
  this.timeout(120_000);
  let out: Awaited<ReturnType<typeof scratchFolder>>;
  let executable: string;

  before(async function () {
    if (!existsSync('manifests/org.voxhost.cpu.plugin.json')) {
      skipBecause(this, 'the CPU plugin has no manifest yet');
    }
    if (!(await readFile(process.execPath)).includes(FUSE)) {
      skipBecause(this, 'this Node.js was built without single executables');
    }
    out = await scratchFolder();
    const packed = await start(process.execPath, [resolve('scripts/package.mjs'), out.path], '.')
      .ended;
    assert.equal(packed.exitCode, 0, packed.err);
    const files = await readdir(out.path);
    const { version } = JSON.parse(await readFile('host/package.json', 'utf8'));
    const suffix = process.platform === 'win32' ? '.exe' : '';
    assert.deepEqual(files, [`voxhost-${version}-${process.platform}-${process.arch}${suffix}`]);
    executable = join(out.path, files[0]);
    await mkdir(join(out.path, 'empty'));
  });

  after(() => out?.[Symbol.asyncDispose]());

  const run = (argv: readonly string[], env = {}): Promise<Ended> =>
    start(executable, argv, join(out.path, 'empty'), { env }).ended;

  it('makes a phantom and resamples it on its embedded CPU plugin, in an empty folder', async () => {
    const made = await run(['phantom', 'head.nii']);
    assert.equal(made.exitCode, 0, made.err);
    const line = [
      'resample',
      'head.nii',
      'out.nii',
      '--spacing',
      '2',
      '--backend',
      'cpu',
      '--json',
    ];
    const { exitCode, out: printed, err } = await run(line);
    assert.equal(exitCode, 0, err);
    assert.equal(JSON.parse(printed).provenance.backend, 'cpu');
    await using host = await createHost({ backends: ['cpu'] });
    const { image } = await resampleImage(host, headPhantom(), { spacing: [2, 2, 2] });
    const written = await readImage(join(out.path, 'empty', 'out.nii'));
    assert.deepEqual(written.data, image.data, 'the same bits as from the disk');
  });

  it('has the plugin sealed, as layer 7, and judged like any other', async () => {
    const { out: printed, err } = await run(['plugins', 'info', 'cpu', '--json']);
    assert.equal(err, '');
    const [plugin] = JSON.parse(printed).plugins;
    assert.deepEqual(
      [plugin.layer, plugin.sealed, plugin.root],
      [7, true, '/voxhost-assets/org.voxhost.cpu'],
    );
    assert.ok(['compatible', 'ready'].includes(plugin.verdict.verdict), plugin.verdict.verdict);
  });

  it('runs a plugin of the disk in a child process of its own, which is the executable again', async () => {
    const created = await run(['plugin', 'create', 'mine with blank', '--name', 'mine']);
    assert.equal(created.exitCode, 0, created.err);
    const tested = await run(['plugin', 'test', 'mine with blank', '--json']);
    assert.equal(tested.exitCode, 0, tested.err);
    assert.ok(JSON.parse(tested.out).passed > 20);
  });

  it("takes Node's options as its own, and refuses them", async () => {
    for (const option of ['--eval', '--require', '--inspect', '-e']) {
      const { exitCode, out: printed, err } = await run([option, 'process.exit(0)']);
      assert.equal(exitCode, 2, option);
      assert.equal(printed, '');
      assert.match(err, /unknown option/);
    }
  });

  it('does not start itself for ever', async () => {
    assert.equal((await run(['--version'], { VOXHOST_DEPTH: '1' })).exitCode, 0);
    const { exitCode, err } = await run(['--version'], { VOXHOST_DEPTH: '2' });
    assert.equal(exitCode, 1);
    assert.match(err, /VOXHOST_DEPTH/);
  });
});
