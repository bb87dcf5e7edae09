import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../support/scratch.js';

/** Programs, which act when they start: all else only defines. */
const PROGRAMS =
  /host\/dist\/(?:cli\/(?:main|executable)|loading\/process\/child\/main)\.js$|plugins\/[^/]+\/dist\/(?:worker|probe|tool)\.js$/;

/** Fewer modules than this, and the test looked at the wrong place. */
const AT_LEAST = 500;

function modulesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => resolve(folder, name));
}

/** What a process leaves open that could keep it alive or act later, as it tells itself. */
const TELL = `process.stdout.write(JSON.stringify({
  resources: process.getActiveResourcesInfo(),
  listeners: process.eventNames().map(String).sort(),
}));`;

function tell(file: string): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return JSON.parse(stdout);
}

describe('importing a module', () => {
  it('does nothing: it prints nothing, opens nothing, listens to nothing', async () => {
    await using folder = await scratchFolder();
    const plugins = readdirSync('plugins').map((name) => join('plugins', name, 'dist'));
    const modules = ['sdk/dist', 'host/dist', ...plugins]
      .flatMap(modulesOf)
      .filter((path) => !PROGRAMS.test(path));
    assert.ok(modules.length >= AT_LEAST, `${modules.length} modules were seen`);
    const [all, none] = ['all.mjs', 'none.mjs'].map((name) => join(folder.path, name));
    const imports = modules.map((path) => `import ${JSON.stringify(path)};\n`).join('');
    await writeFile(all, imports + TELL);
    await writeFile(none, TELL);
    assert.deepEqual(tell(all), tell(none));
  });
});
