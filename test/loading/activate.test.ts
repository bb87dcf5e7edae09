import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, Manifest } from '@voxhost/sdk';
import { DEFAULT_POLICY } from '#host/compatibility/policy.js';
import type { CatalogueEntry, Layer } from '#host/discovery/catalogue.js';
import { discoverPlugins, verifyEntry } from '#host/discovery/discover.js';
import { isHostError } from '#host/errors.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { activatePlugin } from '#host/loading/activate.js';
import type { ActivationServices } from '#host/loading/activation.js';
import { type FakePluginParts, pluginSource } from '../support/fake-plugin.js';
import { machineOf } from '../support/machine.js';
import { manifestOf } from '../support/manifest-builder.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';

interface Given extends FakePluginParts {
  readonly manifest?: Partial<Manifest>;
  readonly source?: string;
  readonly layer?: Layer;
}

async function entryOf(folder: TemporaryFolder, given: Given = {}): Promise<CatalogueEntry> {
  const manifest = manifestOf(given.manifest);
  const path = folder.write(`${manifest.id}.plugin.json`, JSON.stringify(manifest));
  folder.write('plugin.mjs', given.source ?? pluginSource(manifest, given));
  const { entries } = await discoverPlugins({
    layers: [
      {
        layer: given.layer ?? 7,
        kind: 'path',
        path,
        origin: 'test',
        explicit: false,
        source: 'disk',
      },
    ],
    facts: machineOf(),
    policy: DEFAULT_POLICY,
    source: createDiskSource(),
    libraryFolders: [join(folder.path, 'mine')],
  });
  const [entry] = entries;
  assert.equal(entry?.verdict.verdict, 'compatible');
  return entry;
}

const servicesOf = (changes: Partial<ActivationServices> = {}): ActivationServices => ({
  signal: new AbortController().signal,
  threads: 1,
  log: () => {},
  prepare: () => Promise.reject(new Error('nothing to route to')),
  timeouts: { init: 300, dispose: 300 },
  ...changes,
});

async function failureOf(given: Given): Promise<string> {
  using folder = temporaryFolder();
  const entry = await entryOf(folder, given);
  try {
    await activatePlugin(entry, servicesOf());
  } catch (error) {
    assert.ok(isHostError(error, 'PLUGIN_FAILED'), String(error));
    return `${error.fields.verdict}: ${error.fields.reason}`;
  }
  return 'activated';
}

describe('activation', () => {
  it('runs no code before it, then gives the backend that the manifest promises', async () => {
    using folder = temporaryFolder();
    const canary = join(folder.path, 'canary');
    const onImport = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(canary)}, '');`;
    const entry = await entryOf(folder, { onImport });
    assert.equal(existsSync(canary), false);
    const active = await activatePlugin(entry, servicesOf());
    assert.equal(existsSync(canary), true);
    assert.equal(active.backend.name, 'fake');
    await active.dispose();
    await active.dispose();
    assert.equal((globalThis as { fakePluginDisposals?: number }).fakePluginDisposals, 1);
  });

  const failures: readonly (readonly [string, Given, RegExp])[] = [
    ['no default export', { source: 'export const a = 1;' }, /^contract-violation: default export/],
    ['throws on import', { onImport: 'throw new Error("boom");' }, /^load-failed: boom/],
    ['throws a string', { onImport: 'throw "text";' }, /^load-failed: threw text/],
    ['no JavaScript', { source: '<html>' }, /^load-failed: /],
    ['never ends its import', { onImport: 'await new Promise(() => {});' }, /^hung: importing/],
    [
      'another id',
      { id: 'org.example.liar' },
      /^contract-violation: id should be org.example.fake/,
    ],
    ['another version', { version: '2.0.0' }, /^contract-violation: version should be 1.0.0/],
    ['another abi', { abi: '{ min: 1, max: 2 }' }, /^contract-violation: abi should be 1 to 1/],
    ['abi of text', { abi: '"1"' }, /^contract-violation: abi/],
    ['activate throws', { activate: 'throw new Error("no device");' }, /^load-failed: no device/],
    ['activate rejects with nothing', { activate: 'return Promise.reject();' }, /^load-failed/],
    ['activate never ends', { activate: 'return new Promise(() => {});' }, /^hung: activate/],
    ['activate gives nothing', { activate: '' }, /^contract-violation: activate\(\)/],
    [
      'another name',
      { activate: 'return { ...backend, name: "x" };' },
      /^contract-violation: name/,
    ],
    [
      'no supports',
      { activate: 'return { ...backend, supports: 1 };' },
      /^contract-violation: supp/,
    ],
    [
      'no disposal',
      { activate: 'return { ...backend, [Symbol.asyncDispose]: 1 };' },
      /asyncDispose/,
    ],
    [
      'more capabilities',
      { activate: 'return { ...backend, capabilities: [] };' },
      /^contract-violation: capabilities/,
    ],
    [
      'not bundled, and cannot run in a process',
      {
        layer: 1,
        manifest: { isolation: { supports: ['inline'], default: 'inline' } },
      },
      /^untrusted: it does not ship with the host/,
    ],
  ];
  for (const [name, given, expected] of failures)
    it(`refuses a plugin: ${name}`, async () => assert.match(await failureOf(given), expected));

  it('lends files below the root and nothing else', async () => {
    using folder = temporaryFolder();
    const entry = await entryOf(folder, {
      activate: 'globalThis.fakePluginContext = context; return backend;',
    });
    folder.write('data/table.bin', new Uint8Array([1, 2]));
    symlinkSync('/etc/passwd', join(folder.path, 'link'));
    const active = await activatePlugin(entry, servicesOf());
    const { fakePluginContext: context } = globalThis as unknown as { fakePluginContext: Context };
    assert.deepEqual([...(await context.resource('data/table.bin'))], [1, 2]);
    assert.equal((await context.module('plugin.mjs')).protocol, 'file:');
    for (const path of [
      '../x',
      '/etc/passwd',
      'link',
      'data',
      'gone',
      'a\\b',
      '',
      'C:x',
      './plugin.mjs',
    ])
      await assert.rejects(context.resource(path), { code: 'PLUGIN_FILE' }, path);
    await assert.rejects(context.runtime('tfjs'), { code: 'PLUGIN_FILE' });
    assert.equal(context.signal.aborted, false);
    await active.dispose();
    assert.equal(context.signal.aborted, true);
  });

  it('imports a library that the manifest requires from where the user has it', async () => {
    using folder = temporaryFolder();
    folder.write(
      'mine/node_modules/heavy/package.json',
      '{"name":"heavy","version":"1.2.3","main":"m.js"}',
    );
    folder.write('mine/node_modules/heavy/m.js', 'module.exports = { heavy: true };');
    const libraries = [{ name: 'heavy', kind: 'npm', source: 'user' }] as const;
    const entry = await entryOf(folder, {
      manifest: {
        targets: [
          {
            os: '*',
            cpu: '*',
            entry: { type: 'esm', path: 'plugin.mjs' },
            requires: { libraries },
          },
        ],
      },
      activate:
        'context.log("info", JSON.stringify([await context.runtime("heavy"), await context.runtimeUrl("heavy")])); return backend;',
    });
    const lines: string[] = [];
    const active = await activatePlugin(entry, {
      ...servicesOf({ timeouts: { init: 20_000, dispose: 5_000 } }),
      libraryFolders: [join(folder.path, 'mine')],
      log: (_, text) => void lines.push(text),
    });
    const [library, url] = JSON.parse(lines.join(''));
    assert.deepEqual(library, { heavy: true });
    assert.match(url, /^file:.*\/heavy\/m\.js$/);
    await active.dispose();
    await assert.rejects(activatePlugin(entry, servicesOf()), { code: 'PLUGIN_FAILED' });
  });

  it('loads of a sealed plugin only the bytes that were sealed', async () => {
    using folder = temporaryFolder();
    const source = pluginSource(manifestOf());
    const seal = {
      path: 'plugin.mjs',
      size: Buffer.byteLength(source),
      sha256: createHash('sha256').update(source).digest('hex'),
    };
    const targets = [
      { os: '*', cpu: '*', entry: { type: 'esm', path: 'plugin.mjs' }, files: [seal] },
    ] as const;
    const entry = await entryOf(folder, { manifest: { targets }, source });
    assert.deepEqual(entry.verdict.unchecked, ['integrity']);
    await assert.rejects(activatePlugin(entry, servicesOf()), /untrusted: .*integrity/);
    const options = { facts: machineOf(), policy: DEFAULT_POLICY };
    const verify = (each: CatalogueEntry) => verifyEntry(each, options);
    await (await activatePlugin(entry, servicesOf({ verify }))).dispose();
    const exchanged = async (each: CatalogueEntry) => {
      const verified = await verify(each);
      folder.write('plugin.mjs', source.replace('fake', 'evil'));
      return verified;
    };
    const loading = activatePlugin(entry, servicesOf({ verify: exchanged }));
    await assert.rejects(loading, /load-failed: .*not what the manifest sealed/);
    const late = activatePlugin(entry, servicesOf({ verify }));
    await assert.rejects(late, /corrupt: needs sha256/);
  });

  it('disposes what a plugin prepared and left over, and ends with the host', async () => {
    using folder = temporaryFolder();
    const entry = await entryOf(folder, {
      activate: 'await context.prepare({}); await context.prepare({}); return backend;',
    });
    let disposed = 0;
    const prepare = (async () => ({
      run: async () => ({}),
      [Symbol.asyncDispose]: async () => {
        disposed++;
      },
    })) as unknown as ActivationServices['prepare'];
    const active = await activatePlugin(entry, servicesOf({ prepare }));
    assert.equal(disposed, 0);
    await active.dispose();
    assert.equal(disposed, 2);
    const signal = AbortSignal.abort(new Error('host closed'));
    await assert.rejects(activatePlugin(entry, servicesOf({ signal })), /host closed/);
  });
});
