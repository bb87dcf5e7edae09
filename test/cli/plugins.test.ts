import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

describe('voxhost plugins', () => {
  it('list has the built-in reference, ready, last', async () => {
    const { exitCode, out } = await capture(['plugins', 'list', '--json']);
    assert.equal(exitCode, 0);
    const last = JSON.parse(out).plugins.at(-1);
    assert.deepEqual([last.id, last.layer, last.verdict.verdict], ['reference', 8, 'ready']);
    const { out: text } = await capture(['plugins', 'list']);
    assert.match(text, /^NAME +ID +VERSION +VERDICT +LAYER +FIX\n/);
    assert.match(text, /\nreference +reference +\S+ +ready +built in\n$/);
  });

  it('list shows a manifest that cannot be read, with its fix, beside the others', async () => {
    await using folder = await scratchFolder();
    await writeFile(join(folder.path, 'org.example.broken.plugin.json'), '{ "id": ');
    const argv = ['--plugin-path', folder.path, 'plugins', 'list', '--json'];
    const { exitCode, out } = await capture(argv);
    assert.equal(exitCode, 0);
    const { plugins } = JSON.parse(out);
    const broken = plugins.find(({ path }: { path: string }) => path.includes('broken'));
    assert.equal(broken.verdict.verdict, 'malformed');
    assert.notDeepEqual(broken.verdict.fix, []);
    assert.equal(plugins.at(-1).id, 'reference');
  });

  it('info takes an id or a name and shows what it can do', async () => {
    const { exitCode, out } = await capture(['plugins', 'info', 'reference']);
    assert.equal(exitCode, 0);
    assert.match(out, /verdict +ready/);
    assert.match(out, /can +resample: (all|nearest .*label-linear)/);
  });

  it('info of what is not there is usage, and names what is', async () => {
    const { exitCode, out, err } = await capture(['plugins', 'info', 'nowhere']);
    assert.equal(exitCode, 2);
    assert.equal(out, '');
    assert.match(err, /no plugin "nowhere" was found; found are .*reference/);
  });

  it('paths are in order of precedence, with who named them', async () => {
    const { out } = await capture([
      '--plugin-path',
      '/b',
      '--plugin-path',
      '/a',
      'plugins',
      'paths',
      '--json',
    ]);
    const { paths } = JSON.parse(out);
    assert.deepEqual(
      paths.slice(0, 2).map(({ layer, path }: { layer: number; path: string }) => [layer, path]),
      [
        [1, '/b'],
        [1, '/a'],
      ],
    );
    const layers = paths.map(({ layer }: { layer: number }) => layer);
    assert.deepEqual(layers, [...layers].sort());
  });

  it('a group without a command shows its help and is usage', async () => {
    const { exitCode, err } = await capture(['plugins']);
    assert.equal(exitCode, 2);
    assert.match(err, /Commands:\n +list/);
  });
});
