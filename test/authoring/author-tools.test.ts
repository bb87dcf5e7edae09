import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArchive } from '#host/packing/read-archive.js';
import { sealOf } from '#host/packing/seal.js';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

/** A plugin as `voxhost plugin create` makes it, in a folder of its own. */
async function created() {
  const folder = await scratchFolder();
  const path = join(folder.path, 'mine');
  const ended = await capture(['plugin', 'create', path, '--id', 'org.example.mine']);
  assert.equal(ended.exitCode, 0, ended.err);
  const manifest = join(path, 'org.example.mine.plugin.json');
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const text = await readFile(join(path, file), 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    await writeFile(join(path, file), text.replace(from, to));
  };
  return { folder, path, manifest, edit, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

describe('voxhost plugin', function () {
  this.timeout(60_000);

  it('create makes a plugin that is valid and keeps every rule of the contract', async () => {
    await using mine = await created();
    const valid = await capture(['plugin', 'validate', mine.path, '--json']);
    assert.equal(valid.exitCode, 0, valid.err);
    assert.equal(JSON.parse(valid.out).verdict.verdict, 'compatible');
    const tested = await capture(['plugin', 'test', mine.path, '--json']);
    const { passed, failed, outcomes } = JSON.parse(tested.out);
    assert.deepEqual(
      outcomes.filter(({ failure }: { failure?: string }) => failure),
      [],
    );
    assert.ok(passed > 20, `${passed} cases only`);
    assert.equal(failed, 0);
    assert.equal(tested.exitCode, 0, tested.err);
  });

  it('create touches no folder that has something in it, and takes no wrong names', async () => {
    await using mine = await created();
    const before = await readFile(join(mine.path, 'plugin.js'), 'utf8');
    const again = await capture(['plugin', 'create', mine.path]);
    assert.equal(again.exitCode, 3);
    assert.match(again.err, /mine: is not empty; name a new folder/);
    assert.equal(await readFile(join(mine.path, 'plugin.js'), 'utf8'), before);
    for (const option of [
      ['--id', 'Upper.Case'],
      ['--id', 'one'],
      ['--name', 'has blank'],
    ]) {
      const refused = await capture(['plugin', 'create', join(mine.path, 'new'), ...option]);
      assert.equal(refused.exitCode, 2, option.join(' '));
    }
  });

  it('validate says line and column of what is wrong, exit 3', async () => {
    await using mine = await created();
    await mine.edit('org.example.mine.plugin.json', '"dims": [', '"dims": ["x", ');
    const { exitCode, err } = await capture(['plugin', 'validate', mine.path]);
    assert.equal(exitCode, 3);
    assert.match(err, /plugin\.json:\d+:\d+ capabilities\[0\]\.dims\[0\]: malformed/);
  });

  it('validate takes what is right but fits another machine', async () => {
    await using mine = await created();
    await mine.edit('org.example.mine.plugin.json', '"os": "*"', '"os": "aix"');
    const { exitCode, out } = await capture(['plugin', 'validate', mine.path]);
    assert.equal(exitCode, 0);
    assert.match(out, /wrong-platform/);
  });

  it('test names the rule that a plugin breaks, exit 5', async () => {
    await using mine = await created();
    // Half a voxel off: nearest becomes floor.
    await mine.edit('plugin.js', 'Math.floor(x + 0.5)', 'Math.floor(x)');
    const { exitCode, out, err } = await capture(['plugin', 'test', mine.path]);
    assert.equal(exitCode, 5);
    assert.match(out, /FAILED R4: nearest, nearest/);
    assert.match(err, /nonconforming: it breaks .*R4 \(/);
  });

  it('test of a plugin that does not echo its manifest says so', async () => {
    await using mine = await created();
    await mine.edit('plugin.js', "VERSION = '0.1.0'", "VERSION = '0.2.0'");
    const { exitCode, err } = await capture(['plugin', 'test', mine.path]);
    assert.equal(exitCode, 5);
    assert.match(err, /contract-violation.*version/);
  });

  it('pack seals what package.json names into the same bytes every time', async () => {
    await using mine = await created();
    await writeFile(join(mine.path, 'notes.txt'), 'not in "files"');
    const packed = [];
    for (const name of ['a.tgz', 'b.tgz']) {
      const output = join(mine.folder.path, name);
      const { exitCode, err } = await capture(['plugin', 'pack', mine.path, '--out', output]);
      assert.equal(exitCode, 0, err);
      packed.push(await readFile(output));
    }
    assert.deepEqual(packed[0], packed[1]);
    const files = readArchive(packed[0]);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['org.example.mine.plugin.json', 'plugin.js', 'package.json'],
    );
    assert.deepEqual(JSON.parse(Buffer.from(files[2].bytes).toString()), {
      name: 'org.example.mine',
      version: '0.1.0',
      license: 'Apache-2.0',
      type: 'module',
      voxhost: { manifest: 'org.example.mine.plugin.json' },
    });
    const manifest = JSON.parse(Buffer.from(files[0].bytes).toString());
    assert.equal(manifest.root, '.');
    assert.deepEqual(manifest.targets[0].files, [sealOf(files[1])]);
  });

  it('pack refuses a plugin whose entry is not among its files, and leaves nothing', async () => {
    await using mine = await created();
    await mine.edit('package.json', '"plugin.js"', '"dist"');
    await mkdir(join(mine.path, 'dist'));
    await writeFile(join(mine.path, 'dist', 'other.js'), '');
    const before = await readdir(mine.folder.path);
    const output = join(mine.folder.path, 'out.tgz');
    const { exitCode, err } = await capture(['plugin', 'pack', mine.path, '--out', output]);
    assert.equal(exitCode, 3);
    assert.match(err, /needs plugin\.js, which is not among the files/);
    assert.deepEqual(await readdir(mine.folder.path), before);
  });

  it('a folder without a manifest, or with two, is named with the way out', async () => {
    await using folder = await scratchFolder();
    for (const command of ['validate', 'test', 'pack']) {
      const { exitCode, err } = await capture(['plugin', command, folder.path]);
      assert.equal(exitCode, 3);
      assert.match(err, /has no file \*\.plugin\.json; name the manifest itself/);
    }
  });
});
