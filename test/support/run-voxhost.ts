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

export interface StartSettings {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user. */
  readonly uid?: number | undefined;
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
  settings: StartSettings = {},
): Running => start(process.execPath, [MAIN, ...argv], cwd, settings);

export const runVoxhost = (
  argv: readonly string[],
  cwd: string,
  settings: StartSettings = {},
): Promise<Ended> => startVoxhost(argv, cwd, settings).ended;

/** Starts a program in a folder and collects what it prints. */
export function start(
  command: string,
  argv: readonly string[],
  cwd: string,
  { env = {}, uid }: StartSettings = {},
): Running {
  const { NODE_OPTIONS: _dropped, ...inherited } = process.env;
  const child = spawn(command, argv, {
    cwd,
    env: { ...inherited, ...stateBelow(cwd), ...env },
    ...(uid !== undefined && { uid }),
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
