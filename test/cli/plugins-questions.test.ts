import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { runCli } from '#host/cli/run-cli.js';
import { doctorReport } from '#host/compatibility/doctor-report.js';
import { doctorSchema } from '#host/compatibility/doctor-schema.js';
import { BAD, Zoo } from '../faults/zoo.js';
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
      const text = await run('plugins', 'doctor', '--no-start', '--plugin-path', path);
      assert.match(text.out, /org\.example\.aa-good +1\.0\.0 +yes +yes +not-tried +compatible/);
    });
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
