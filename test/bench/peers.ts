import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** One measurement of one program, as it printed it. */
export interface Timed {
  /** `voxhost`, or the peer's name. */
  readonly program: string;
  readonly name: string;
  readonly n: number;
  readonly threads: number;
  readonly ms: number;
  readonly maxError?: number;
}

export interface Task {
  readonly name: string;
  readonly n: number;
  readonly threads: number;
}

/** A program that prints one JSON object per line for a workload; it prints nothing for one that it has not. */
export type Contestant = (task: Task) => readonly Timed[];

/** This build, in a process of its own. */
export const voxhost =
  (main: string): Contestant =>
  (task) =>
    linesOf(process.execPath, [main, '--json', ...flags(task)]).map((line) => ({
      program: 'voxhost',
      ...timed(line),
      maxError: Number(line['maxError']),
    }));

/** The peers in a folder: a built `build/itk-peer` and `build/native-limit`, and `python-peers.py`. */
export function peersIn(folder: string, python: string): readonly Contestant[] {
  const build = join(folder, 'build');
  return [
    (task) => named(linesOf(join(build, 'itk-peer'), flags(task))),
    (task) => named(linesOf(python, [join(folder, 'python-peers.py'), ...flags(task)])),
    ({ name, n, threads }) => {
      if (threads !== 1) return [];
      const lines = named(linesOf(join(build, 'native-limit'), [String(n)]));
      return lines.filter((line) => line.name === name);
    },
  ];
}

const flags = ({ name, n, threads }: Task): readonly string[] => {
  return ['--n', String(n), '--threads', String(threads), '--name', name];
};

type Line = Readonly<Record<string, unknown>>;

const named = (lines: readonly Line[]): readonly Timed[] =>
  lines.map((line) => ({ program: String(line['peer']), ...timed(line) }));

const timed = (line: Line): Omit<Timed, 'program'> => ({
  name: String(line['name']),
  n: Number(line['n']),
  threads: Number(line['threads']),
  ms: Number(line['ms']),
});

function linesOf(command: string, args: readonly string[]): readonly Line[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} exited with ${status}: ${stderr}`);
  const texts = stdout.split('\n').filter((text) => text.startsWith('{'));
  return texts.map((text) => JSON.parse(text) as Line);
}
