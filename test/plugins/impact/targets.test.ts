import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_POLICY } from '#host/compatibility/policy.js';
import type { CatalogueEntry } from '#host/discovery/catalogue.js';
import { discoverPlugins } from '#host/discovery/discover.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { activatePlugin } from '#host/loading/activate.js';
import { pluginSource } from '../../support/fake-plugin.js';
import { machineOf } from '../../support/machine.js';
import { manifestOf } from '../../support/manifest-builder.js';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.js';

type Machine = NonNullable<Parameters<typeof machineOf>[0]>;

const MANIFEST = fileURLToPath(
  new URL('../../../../manifests/org.voxhost.impact.plugin.json', import.meta.url),
);
const WINDOWS = {
  os: 'win32',
  osVersion: '10.0.22631',
  loader: { kind: 'pe', folders: [] },
} as const;

/** Manifests judged on a machine as it is told, with libraries in one folder. */
async function discovered(
  paths: readonly string[],
  libraryFolder: string,
  machine: Machine = {},
): Promise<readonly CatalogueEntry[]> {
  const { entries } = await discoverPlugins({
    layers: paths.map((path) => ({
      layer: 7,
      kind: 'path',
      path,
      origin: 'test',
      explicit: false,
      source: 'disk',
    })),
    facts: machineOf(machine),
    policy: DEFAULT_POLICY,
    source: createDiskSource(),
    libraryFolders: [libraryFolder],
  });
  return entries;
}

/** A package of the runtime's name that does nothing but tell its version. */
function standIn(folder: TemporaryFolder, place: string, version: string): string {
  const at = `${place}/node_modules/onnxruntime-node`;
  const about = { name: 'onnxruntime-node', version, main: 'index.js' };
  folder.write(`${at}/package.json`, JSON.stringify(about));
  folder.write(`${at}/index.js`, `module.exports = { version: '${version}' };`);
  return join(folder.path, place);
}

async function withVariables<T>(
  variables: Readonly<Record<string, string>>,
  body: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

describe('the targets of the IMPACT plugin', () => {
  async function judged(machine: Machine, variables: Readonly<Record<string, string>> = {}) {
    using folder = temporaryFolder();
    const libraries = standIn(folder, 'project', '1.30.0');
    folder.write('cuda/libonnxruntime_providers_cuda.so', '');
    const resolved = Object.entries(variables).map(([k, v]) => [k, join(folder.path, v)] as const);
    return await withVariables(Object.fromEntries(resolved), async () => {
      const [entry] = await discovered([MANIFEST], libraries, machine);
      return entry;
    });
  }

  const degraded: readonly (readonly [string, Machine, RegExp, RegExp])[] = [
    ['without a driver', {}, /missing-hardware: needs driver nvidia 570.26/, /install its driver/],
    [
      'with an old driver',
      { drivers: { nvidia: '560.35.03' } },
      /driver-too-old: needs driver nvidia 570.26 or newer, found 560.35.03/,
      /install the nvidia driver 570.26 or newer/,
    ],
    [
      "without onnxruntime's CUDA library",
      { drivers: { nvidia: '570.26' } },
      /missing-library: needs onnxruntime_providers_cuda, .*VOXHOST_ONNXRUNTIME_CUDA, which is not set/,
      /set VOXHOST_ONNXRUNTIME_CUDA to the folder of onnxruntime_providers_cuda/,
    ],
    [
      'on Windows with the driver that is enough on Linux',
      { ...WINDOWS, drivers: { nvidia: '570.26' } },
      /driver-too-old: needs driver nvidia 570.65 or newer/,
      /install the nvidia driver 570.65/,
    ],
  ];
  for (const [name, machine, reason, fix] of degraded) {
    it(`${name} list the one with CUDA as degraded, with the reason and the fix`, async () => {
      const { verdict, target } = await judged(machine);
      assert.equal(verdict.verdict, 'compatible');
      assert.equal(target?.entry.path, 'bundle/plugin.js');
      const notes = verdict.notes.filter(({ text }) => text.startsWith('degraded'));
      assert.equal(notes.length, 1, JSON.stringify(notes));
      assert.match(notes[0].text, reason);
      assert.match(notes[0].fix?.[0]?.text ?? '', fix);
    });
  }

  it('take the one with CUDA where driver and library are there', async () => {
    const { target } = await judged(
      { drivers: { nvidia: '570.26' } },
      { VOXHOST_ONNXRUNTIME_CUDA: 'cuda' },
    );
    assert.equal(target?.entry.path, 'bundle/plugin-cuda.js');
  });

  it('without onnxruntime-node say what to install', async () => {
    using folder = temporaryFolder();
    const [{ verdict }] = await discovered([MANIFEST], folder.path);
    assert.equal(verdict.verdict, 'missing-library');
    assert.match(verdict.fix[0]?.text ?? '', /install onnxruntime-node >=1.20.0 <2 in the project/);
    assert.equal(verdict.fix[0]?.command, 'npm install "onnxruntime-node@>=1.20.0 <2"');
  });
});

describe('two plugins that want different exact versions of onnxruntime', () => {
  /** Plugins `one` and `two`, and what their runtimes say when they are activated. */
  function write(folder: TemporaryFolder, name: string, version: string): string {
    const entry = `${name}.mjs`;
    const library = {
      name: 'onnxruntime-node',
      kind: 'npm',
      version: `=${version}`,
      source: 'user',
      env: `VOXHOST_TEST_${name.toUpperCase()}`,
    } as const;
    const manifest = manifestOf({
      id: `org.example.${name}`,
      name,
      targets: [
        {
          os: '*',
          cpu: '*',
          entry: { type: 'esm', path: entry },
          requires: { libraries: [library] },
        },
      ],
    });
    const tells =
      'context.log("info", (await context.runtime("onnxruntime-node")).version); return backend;';
    folder.write(entry, pluginSource(manifest, { activate: tells }));
    return folder.write(`${manifest.id}.plugin.json`, JSON.stringify(manifest));
  }

  async function toldBy(entry: CatalogueEntry, libraryFolder: string): Promise<string> {
    const lines: string[] = [];
    const active = await activatePlugin(entry, {
      signal: new AbortController().signal,
      threads: 1,
      log: (_, text) => void lines.push(text),
      prepare: () => Promise.reject(new Error('nothing to route to')),
      timeouts: { init: 20_000, dispose: 5_000 },
      libraryFolders: [libraryFolder],
    });
    await active.dispose();
    return lines.join();
  }

  it('each get their own, or a verdict; nothing is installed', async () => {
    using folder = temporaryFolder();
    const project = standIn(folder, 'project', '1.20.1');
    const other = standIn(folder, 'elsewhere', '1.30.0');
    const paths = [write(folder, 'one', '1.20.1'), write(folder, 'two', '1.30.0')];
    const before = digestOf(folder.path);
    const [one, two] = await discovered(paths, project);
    assert.equal(one.verdict.verdict, 'compatible');
    assert.equal(await toldBy(one, project), '1.20.1');
    assert.equal(two.verdict.verdict, 'library-mismatch');
    assert.equal(two.verdict.evidence.expected, 'onnxruntime-node =1.30.0');
    assert.match(`${two.verdict.evidence.found}`, /^1\.20\.1 at .*project/);
    assert.match(two.verdict.fix[0]?.text ?? '', /or set VOXHOST_TEST_TWO to a folder/);
    await withVariables({ VOXHOST_TEST_TWO: other }, async () => {
      const both = await discovered(paths, project);
      const told = [await toldBy(both[0], project), await toldBy(both[1], project)];
      assert.deepEqual(told, ['1.20.1', '1.30.0']);
    });
    assert.equal(digestOf(folder.path), before);
  });
});

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath ?? file.path, file.name);
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex');
}
