import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '@voxhost/sdk';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { runCli } from '#host/cli/run-cli.js';
import { doctorReport } from '#host/doctor/doctor-report.js';
import { doctorSchema } from '#host/doctor/doctor-schema.js';
import { BAD, sealOf, Zoo } from '../faults/zoo.js';
import { buildElf } from '../support/binary-builder.js';
import { machineOf } from '../support/machine.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';

async function run(...argv: readonly string[]) {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    env: {},
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const gpu: Target['requires'] = {
  devices: [{ class: 'cuda', min: 1, computeCapability: '>=7.0', memoryMiB: 2048 }],
};
const rocm: Target['requires'] = { drivers: [{ name: 'rocm', min: '6.9' }] };

/** An addon of this machine that asks for a version of Node-API. */
function plantAddon(zoo: Zoo, napi: number): string {
  const { arch, platform } = process;
  const cpu = arch === 'arm64' ? 'arm64' : 'x64';
  const content = buildElf({ exports: ['napi_register_module_v1'], cpu });
  const entry = { type: 'node-addon', path: 'a.node', napi } as const;
  const target = {
    os: platform,
    cpu: arch,
    libc: '*',
    entry,
    files: [sealOf('a.node', content)],
  } as const;
  return zoo.plant(BAD, { files: { 'a.node': content }, target });
}

const schema = JSON.parse(
  readFileSync(new URL('../../../manifests/doctor-1.schema.json', import.meta.url), 'utf8'),
) as object;

const PLACES = ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'];

describe('questions about plugins', () => {
  let own: TemporaryFolder;
  const inherited = PLACES.map((name) => [name, process.env[name]] as const);
  before(() => {
    own = temporaryFolder();
    for (const name of PLACES) process.env[name] = join(own.path, name);
  });
  after(() => {
    for (const [name, value] of inherited)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    own[Symbol.dispose]();
  });

  describe('check', () => {
    it('answers yes with exit code 0', async () => {
      using zoo = new Zoo();
      const { code, out, err } = await run('plugins', 'check', zoo.plant(BAD));
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /compatible/);
    });

    it('answers no: 4 for the machine, 3 for the file, one object either way', async () => {
      using zoo = new Zoo();
      const windows = zoo.plant(BAD, { target: { os: 'win32', cpu: 'x64' } });
      const refused = await run('plugins', 'check', windows, '--json', '--os', 'darwin');
      assert.equal(refused.code, 4);
      assert.equal(
        (JSON.parse(refused.out) as { verdict: { verdict: string } }).verdict.verdict,
        'wrong-platform',
      );
      const there = await run(
        'plugins',
        'check',
        windows,
        '--os',
        'win32',
        '--cpu',
        'x64',
        '--node',
        '24',
      );
      assert.equal(there.code, 0);
      const broken = await run('plugins', 'check', zoo.raw('org.example.x', '{"id": 1'), '--json');
      assert.equal(broken.code, 3);
      assert.match(broken.out, /org\.example\.x\.plugin\.json:1:9/);
      assert.equal((await run('plugins', 'check', '/nowhere/x.plugin.json')).code, 3);
    });

    it('judges drivers of another machine', async () => {
      using zoo = new Zoo();
      const drivers = [{ name: 'nvidia', min: '570.65' }];
      const path = zoo.plant(BAD, { target: { requires: { drivers } } });
      const code = async (driver: string) =>
        (await run('plugins', 'check', path, '--os', 'win32', '--driver', driver)).code;
      assert.deepEqual(
        [await code('580.65'), await code('570.65'), await code('570.9')],
        [0, 0, 4],
      );
    });
  });

  describe('check, of a machine that is described', () => {
    const asked = async (zoo: Zoo, target: Partial<Target>, ...options: readonly string[]) =>
      (await run('plugins', 'check', zoo.plant(BAD, { target }), ...options)).code;
    const rows: readonly (readonly [string, Partial<Target>, readonly string[], number])[] = [
      ['cpu features', { cpuFeatures: ['amx'] }, ['--cpu-features', 'sse2,amx'], 0],
      ['cpu features that lack', { cpuFeatures: ['avx2'] }, ['--cpu-features', 'sse2'], 4],
      ['WebAssembly features', { requires: { wasm: ['simd'] } }, ['--wasm', 'threads'], 4],
      ['a device', { requires: gpu }, ['--device', 'cuda:9.0:143771'], 0],
      ['a device too small', { requires: gpu }, ['--device', 'cuda:9.0:100'], 4],
      ['a device too old', { requires: gpu }, ['--device', 'cuda:6.1:143771'], 4],
      ['no device', { requires: gpu }, ['--device', 'none'], 4],
      ['another driver', { requires: rocm }, ['--driver', '580.65', '--driver', 'rocm=6.10'], 0],
      ['another driver, too old', { requires: rocm }, ['--driver', 'rocm=6.2'], 4],
      ['no driver', { requires: rocm }, ['--driver', 'none'], 4],
    ];
    for (const [name, target, options, code] of rows)
      it(`${name}: ${code}`, async () => {
        using zoo = new Zoo();
        assert.equal(await asked(zoo, target, ...options), code);
      });

    it('by Node-API, as of its release or as stated', async () => {
      using zoo = new Zoo();
      const path = plantAddon(zoo, 10);
      const words = async (...options: readonly string[]) => {
        const { out } = await run('plugins', 'check', path, '--json', ...options);
        return (JSON.parse(out) as { verdict: { verdict: string } }).verdict.verdict;
      };
      assert.equal(await words('--node', '22.13'), 'incompatible-node');
      assert.equal(await words('--node', '22.14'), 'compatible');
      assert.equal(await words('--node', '22.13', '--napi', '10'), 'compatible');
    });

    it('refuses what describes none: 2', async () => {
      using zoo = new Zoo();
      const path = zoo.plant(BAD);
      for (const [option = '', value = ''] of [
        ['--node', 'banana'],
        ['--host', '>=1'],
        ['--libc', 'newlib'],
        ['--driver', 'new'],
        ['--device', ':'],
        ['--napi', '0'],
        ['--os-version', 'sequoia'],
      ]) {
        const { code, err } = await run('plugins', 'check', path, option, value);
        assert.deepEqual([option, code], [option, 2], err);
      }
    });
  });

  describe('doctor', () => {
    it('writes a report of the published form, also of broken plugins', async () => {
      using zoo = new Zoo();
      zoo.plant(BAD, { manifest: { dependsOn: [{ id: 'org.example.gone', version: '1' }] } });
      zoo.raw('org.example.mm-broken', '{');
      assert.deepEqual(schema, doctorSchema());
      const validate = new Ajv2020({ strict: true }).compile(schema);
      const report = doctorReport(await zoo.look(), machineOf(), new Map());
      assert.equal(validate(report), true, JSON.stringify(validate.errors));
      const words = report.plugins.map(({ id, installed, compatible, ready }) => [
        id,
        installed,
        compatible,
        ready,
      ]);
      assert.deepEqual(words, [
        ['org.example.aa-good', true, true, 'not-tried'],
        [BAD, true, false, 'not-tried'],
        ['org.example.zz-good', true, true, 'not-tried'],
        ['', false, false, 'not-tried'],
        ['reference', true, true, 'yes'],
      ]);
      assert.equal(report.plugins[1]?.stage, 'policy');
      assert.equal(report.plugins[3]?.stage, 'decode');
      assert.ok(report.plugins[3]?.fix[0]?.command?.startsWith('voxhost plugins check '));
    });

    it('reports a plugin that could not be started as compatible but not ready', async () => {
      using zoo = new Zoo();
      const catalogue = await zoo.look();
      const [first] = catalogue.entries;
      assert.ok(first !== undefined);
      const failed = { outcome: 'failed', verdict: 'load-failed', reason: 'no device' } as const;
      const { plugins } = doctorReport(catalogue, machineOf(), new Map([[first, failed]]));
      const { compatible, ready, verdict, stage, evidence } =
        plugins[0] as (typeof plugins)[number];
      assert.deepEqual(
        [compatible, ready, verdict, stage, evidence],
        [true, 'no', 'load-failed', 'handshake', 'no device'],
      );
    });

    it('prints it, without starting anything where that is asked', async () => {
      using zoo = new Zoo();
      const path = join(zoo.root, 'org.example.aa-good');
      const { code, out } = await run(
        'plugins',
        'doctor',
        '--no-start',
        '--plugin-path',
        path,
        '--json',
      );
      assert.equal(code, 0);
      const validate = new Ajv2020({ strict: true }).compile(schema);
      assert.equal(validate(JSON.parse(out)), true, JSON.stringify(validate.errors));
      const since = async () => {
        const { out: again } = await run(
          'plugins',
          'doctor',
          '--no-start',
          '--plugin-path',
          path,
          '--json',
        );
        const { plugins } = JSON.parse(again) as {
          plugins: { since: string; fingerprint?: string }[];
        };
        assert.match(String(plugins[0]?.fingerprint), /^[0-9a-f]{64}$/);
        return plugins[0]?.since;
      };
      const first = await since();
      assert.equal(await since(), first, 'nothing has changed since');
      zoo.plant('org.example.aa-good', { manifest: { version: '1.0.1' } });
      assert.ok(String(await since()) > String(first), 'other files, another story');
      zoo.plant('org.example.aa-good');
      const text = await run('plugins', 'doctor', '--no-start', '--plugin-path', path);
      assert.match(text.out, /org\.example\.aa-good +1\.0\.0 +yes +yes +not-tried +compatible/);
    });
  });

  it('flags select, disable, and name the only place, as variables do', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD);
    const words = async (...flags: readonly string[]) => {
      const { out } = await run('plugins', 'list', '--json', ...flags);
      const { plugins } = JSON.parse(out) as {
        plugins: { id: string; verdict: { verdict: string } }[];
      };
      return plugins.map(
        ({ id, verdict }) => `${id.replace('org.example.', '')} ${verdict.verdict}`,
      );
    };
    const only = ['--plugin-only', zoo.root];
    assert.deepEqual(await words(...only, '--plugin-select', BAD), [
      'aa-good excluded',
      'mm-bad compatible',
      'zz-good excluded',
      'reference ready',
    ]);
    assert.deepEqual(await words(...only, '--plugin-disable', '*-good,reference'), [
      'aa-good excluded',
      'mm-bad compatible',
      'zz-good excluded',
      'reference ready',
    ]);
    process.env['VOXHOST_PLUGIN_DISABLE'] = '*';
    try {
      const { out } = await run('plugins', 'config', '--explain', '--plugin-disable', 'x');
      assert.match(out, /disable +--plugin-disable +x\n +not VOXHOST_PLUGIN_DISABLE +\*/);
    } finally {
      delete process.env['VOXHOST_PLUGIN_DISABLE'];
    }
  });

  it('--lock pins versions, and its folder is searched', async () => {
    using zoo = new Zoo();
    zoo.plant(BAD, { folder: 'one', manifest: { version: '1.0.0' } });
    zoo.plant(BAD, { folder: 'two', manifest: { version: '1.1.0' } });
    const lock = join(zoo.root, 'voxhost.lock');
    writeFileSync(lock, JSON.stringify({ plugins: { [BAD]: { version: '1.0.0' } } }));
    const { out } = await run('plugins', 'list', '--lock', lock);
    assert.match(out, /mm-bad +1\.0\.0 +compatible +project lock/);
    assert.match(out, /mm-bad +1\.1\.0 +shadowed +project lock/);
    const broken = await run('plugins', 'list', '--lock', join(zoo.root, 'gone.lock'));
    assert.match(broken.out, /note: .*gone\.lock \(--lock\) pins nothing/);
  });

  it('config --explain shows where each value comes from', async () => {
    process.env['VOXHOST_PLUGIN_SELECT'] = 'org.example.*';
    try {
      const { out } = await run('plugins', 'config', '--explain');
      assert.match(out, /select +VOXHOST_PLUGIN_SELECT +org\.example\.\*/);
    } finally {
      delete process.env['VOXHOST_PLUGIN_SELECT'];
    }
  });
});
