import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { CommandEntry, Session } from '#host/cli/command.js';
import { runProgram } from '#host/cli/program.js';
import { capture } from '../support/capture.js';

/** A program of two commands that note what they were given. */
function recorder(): {
  readonly commands: readonly CommandEntry[];
  readonly ran: unknown[];
  readonly loaded: string[];
} {
  const ran: unknown[] = [];
  const loaded: string[] = [];
  const entry = (name: string): CommandEntry => ({
    name,
    summary: `does ${name}`,
    load: async () => {
      loaded.push(name);
      return {
        define: (command) => {
          command
            .argument('<in>')
            .option('--size <n>')
            .action((input) => void ran.push({ name, input, ...command.optsWithGlobals() }));
        },
      };
    },
  });
  return { commands: [entry('alpha'), entry('beta')], ran, loaded };
}

const silent: Omit<Session, 'commands'> = {
  terminal: {
    out: () => {},
    err: () => {},
    interactive: false,
    env: {},
    signal: new AbortController().signal,
  },
  explaining: false,
};

describe('the program', () => {
  it('prints the version of package.json, alone', async () => {
    const { version } = JSON.parse(await readFile('host/package.json', 'utf8'));
    assert.deepEqual(await capture(['--version']), { exitCode: 0, out: `${version}\n`, err: '' });
  });

  for (const argv of [
    ['--version', '--json'],
    ['--json', '--version'],
  ])
    it(`prints it as JSON for ${argv.join(' ')}`, async () => {
      const { version } = JSON.parse(await readFile('host/package.json', 'utf8'));
      const { exitCode, out, err } = await capture(argv);
      assert.deepEqual([exitCode, JSON.parse(out), err], [0, { version }, '']);
    });

  it('loads only the command that is on the line', async () => {
    const { commands, ran, loaded } = recorder();
    await runProgram(['beta', 'x.nii'], { ...silent, commands });
    assert.deepEqual(loaded, ['beta']);
    assert.deepEqual(ran, [{ name: 'beta', input: 'x.nii' }]);
  });

  it('common options stand anywhere', async () => {
    const { commands, ran } = recorder();
    const wanted = { name: 'alpha', input: 'i', size: '3', backend: ['a', 'b'], json: true };
    await runProgram(['--json', 'alpha', 'i', '--size', '3', '--backend', 'a,b'], {
      ...silent,
      commands,
    });
    await runProgram(['--backend', 'a,b', 'alpha', '--size=3', '--json', 'i'], {
      ...silent,
      commands,
    });
    assert.deepEqual(ran, [wanted, wanted]);
  });

  it('help names every command, and help COMMAND is COMMAND --help', async () => {
    const top = await capture(['--help']);
    assert.equal(top.exitCode, 0);
    assert.match(top.out, /explain/);
    assert.equal(top.err, '');
    const one = await capture(['help', 'explain']);
    assert.deepEqual(one, await capture(['explain', '--help']));
    assert.match(one.out, /Examples:/);
    assert.match(one.out, /--backend/, 'common options are shown too');
  });

  it('a line that cannot be understood is usage, in one line with a way out', async () => {
    const lines: readonly (readonly [readonly string[], RegExp])[] = [
      [['explian'], /unknown command 'explian' \(did you mean explain\?\); see --help/],
      [['--bakend', 'cpu'], /unknown option '--bakend' \(did you mean --backend\?\)/],
      [['--threads', '0', 'explain', 'x'], /'--threads <n>' argument '0' is invalid/],
      [['--fallback', 'maybe', 'explain', 'x'], /Allowed choices are allow, never/],
      [['--backend'], /'--backend <name,...>' argument missing/],
      [['explain'], /missing required argument 'command'/],
    ];
    for (const [argv, expected] of lines) {
      const { exitCode, out, err } = await capture(argv);
      assert.equal(exitCode, 2, argv.join(' '));
      assert.equal(out, '');
      assert.match(err, expected);
      assert.equal(err.trimEnd().split('\n').length, 1, err);
    }
  });

  it('a line without a command shows the help and is usage', async () => {
    const { exitCode, out, err } = await capture([]);
    assert.equal(exitCode, 2);
    assert.equal(out, '');
    assert.match(err, /Commands:/);
  });

  it('with --json an error is one object too', async () => {
    const { exitCode, out } = await capture(['--json', 'explian']);
    assert.equal(exitCode, 2);
    assert.equal(JSON.parse(out).error.code, 'USAGE');
  });

  it('options before explain reach the command behind it', async () => {
    const { commands, ran } = recorder();
    await runProgram(['alpha', 'i'], {
      ...silent,
      commands,
      explaining: true,
      inherited: { json: true },
    });
    assert.deepEqual(ran, [{ name: 'alpha', input: 'i', json: true }]);
  });

  it('every command has help with examples', async () => {
    const lines = await leafCommands([]);
    assert.ok(lines.length > 15, `${lines.length} commands only`);
    for (const line of lines) {
      const { exitCode, out } = await capture([...line, '--help']);
      assert.equal(exitCode, 0, line.join(' '));
      assert.match(out, /\nExamples:\n {2}\$ /, line.join(' '));
    }
  });
});

/** Every command that is no group, as the help lists them. */
async function leafCommands(group: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { out } = await capture([...group, '--help']);
  const listed = out.split('\nCommands:\n')[1] ?? '';
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map((match) => match[1]);
  if (names.length === 0) return [group];
  return (await Promise.all(names.map((name) => leafCommands([...group, name])))).flat();
}
