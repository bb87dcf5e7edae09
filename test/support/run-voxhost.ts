import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { stateBelow } from './scratch.js';

/** How a child process ended. */
export interface Ended {
  /** Absent where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** A child process that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The built but unbundled command line. */
const MAIN = resolve('host/dist/cli/main.js');

/** Starts `voxhost ...argv` in a folder, with the places of state in that folder. */
export const startVoxhost = (
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Running => start(process.execPath, [MAIN, ...argv], cwd, env);

export const runVoxhost = (
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> => startVoxhost(argv, cwd, env).ended;

/** Starts a program in a folder and collects what it prints. */
export function start(
  command: string,
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Running {
  const { NODE_OPTIONS: _dropped, ...inherited } = process.env;
  const child = spawn(command, argv, {
    cwd,
    env: { ...inherited, ...stateBelow(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((settle, reject) => {
    child.on('error', reject);
    child.on('close', (code) => settle({ exitCode: code ?? undefined, out, err }));
  });
  return { child, ended };
}
