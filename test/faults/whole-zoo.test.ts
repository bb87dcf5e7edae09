import assert from 'node:assert/strict';
import { runCli } from '#host/cli/run-cli.js';
import type { Terminal } from '#host/cli/terminal.js';
import { EXIT_CODES } from '#host/errors.js';
import { isVerdictWord, STAGES } from '#host/verdict.js';
import { type Ended, runVoxhost } from '../support/run-voxhost.js';
import { skipBecause } from '../support/skip-because.js';
import { DECODE_FAULTS } from './decode-faults.js';
import { HOSTILE_FAULTS } from './hostile-faults.js';
import { INTEGRITY_FAULTS } from './integrity-faults.js';
import { LOCATE_FAULTS } from './locate-faults.js';
import { MACHINE_FAULTS } from './machine-faults.js';
import { BAD, COMPATIBLE, type FileFault, Zoo } from './zoo.js';

const FAULTS: readonly FileFault[] = [
  ...LOCATE_FAULTS,
  ...DECODE_FAULTS,
  ...INTEGRITY_FAULTS,
  ...MACHINE_FAULTS,
  ...HOSTILE_FAULTS,
];

interface Line {
  readonly id: string;
  readonly path: string;
  readonly installed: boolean;
  readonly compatible: boolean;
  readonly ready: string;
  readonly verdict: string;
  readonly stage?: string;
  readonly evidence?: string;
  readonly fix: readonly { readonly text: string; readonly command?: string }[];
}

/** As long as `BAD`, so that what is planted keeps its size. */
const idOf = (index: number): string => `org.example.mm-${String(index).padStart(3, '0')}`;

/**
 * All faults that are files, installed side by side where the user's plugins are, and looked at by the command line
 * in a process of its own, by this machine's own facts.
 */
describe('the whole zoo at once', function () {
  this.timeout(120_000);
  let zoo: Zoo;
  let doctor: Ended;
  let lines: readonly Line[];
  const voxhost = (...argv: readonly string[]) => runVoxhost(argv, zoo.folder.path);

  before(async function () {
    if (process.platform === 'win32') skipBecause(this, 'its pipes and modes are those of Unix');
    zoo = new Zoo();
    for (const [index, [, , plant]] of FAULTS.entries()) {
      zoo.bad = idOf(index);
      plant(zoo);
    }
    zoo.bad = BAD;
    doctor = await voxhost('plugins', 'doctor', '--no-start', '--json');
    lines = (JSON.parse(doctor.out) as { plugins: readonly Line[] }).plugins;
  });
  after(() => zoo?.[Symbol.dispose]());

  const ours = () => lines.filter(({ path }) => path.startsWith(zoo.root));

  it('has every plugin in the report, and the host alive', () => {
    assert.equal(doctor.exitCode, 0, doctor.err);
    assert.equal(ours().length, FAULTS.length + 2);
  });

  for (const [index, [name, expected]] of FAULTS.entries())
    it(`${name}: ${expected}`, () => {
      const line = ours().find(({ path }) => path.includes(idOf(index)));
      assert.ok(line !== undefined);
      if (expected === COMPATIBLE) {
        assert.deepEqual([line.compatible, line.verdict], [true, 'compatible'], line.evidence);
        return;
      }
      assert.equal(`${line.stage}: ${line.verdict}`, expected, line.evidence);
      assert.deepEqual([line.compatible, line.ready], [false, 'not-tried']);
      assert.equal(line.installed, STAGES.indexOf(line.stage as 'locate') > 3);
      assert.match(String(line.evidence), /\S/);
      assert.ok(line.fix.length > 0 && line.fix.every(({ text }) => text.length > 5), 'a way out');
    });

  it('harms no plugin beside it, and has the same order however it is looked at', async () => {
    const good = ours().filter(({ id }) => id.endsWith('-good'));
    assert.deepEqual(
      good.map(({ id, compatible }) => [id, compatible]),
      [
        ['org.example.aa-good', true],
        ['org.example.zz-good', true],
      ],
    );
    const { exitCode, out } = await voxhost('plugins', 'list', '--json');
    assert.equal(exitCode, 0);
    const listed = (JSON.parse(out) as { plugins: readonly { path: string }[] }).plugins;
    assert.deepEqual(
      listed.map(({ path }) => path),
      lines.map(({ path }) => path),
    );
  });

  it('lets calls be served', async () => {
    assert.equal((await voxhost('phantom', 'in.nii')).exitCode, 0);
    const { exitCode, err } = await voxhost('resample', 'in.nii', 'out.nii', '--size', '8');
    assert.equal(exitCode, 0, err);
  });

  it('says why a plugin that is named cannot serve: 4', async () => {
    const index = FAULTS.findIndex(([name]) => name === 'E36 for a newer C library');
    const { exitCode, err } = await voxhost(
      ...['resample', 'in.nii', 'no.nii', '--size', '8', '--backend', idOf(index)],
    );
    assert.equal(exitCode, EXIT_CODES.NO_BACKEND, err);
    assert.match(err, /wrong-platform.*99\.0/s);
  });

  it('is examined one by one: 0 where it is compatible, 3 for the file, 4 for the machine', async () => {
    for (const { path } of ours()) {
      let out = '';
      const terminal: Terminal = {
        out: (text) => {
          out += text;
        },
        err: (text) => assert.fail(text),
        interactive: false,
        env: {},
        signal: new AbortController().signal,
      };
      const code = await runCli(['plugins', 'check', path, '--json'], terminal);
      const { verdict } = JSON.parse(out) as { verdict: { verdict: string; stage: number } };
      assert.ok(isVerdictWord(verdict.verdict));
      const refused = verdict.stage <= STAGES.indexOf('identity') ? 3 : 4;
      assert.equal(code, verdict.verdict === 'compatible' ? 0 : refused, path);
    }
  });

  it('has run none of its code', () => assert.deepEqual(zoo.ran(), []));

  it('is started by the doctor only where it is compatible', async () => {
    const { exitCode, out } = await voxhost('plugins', 'doctor', '--json');
    assert.equal(exitCode, 0);
    const after = (JSON.parse(out) as { plugins: readonly Line[] }).plugins;
    assert.deepEqual(
      after.map(({ id, compatible }) => [id, compatible]),
      lines.map(({ id, compatible }) => [id, compatible]),
    );
    const started = after.filter(({ ready }) => ready !== 'not-tried').map(({ id }) => id);
    const ran = zoo.ran();
    assert.ok(ran.includes('org.example.aa-good') && ran.includes('org.example.zz-good'));
    assert.deepEqual(
      ran.filter((id) => !started.includes(id)),
      [],
    );
  });
});
