import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import type { EmbeddedPlugins } from './command.js';
import { runCli } from './run-cli.js';
import { Interrupted, type Terminal } from './terminal.js';

/** Signals that ask the process to end. A second one ends it at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Is this process free to end? */
interface Command {
  isOver: boolean;
}

function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    const exitCode = 128 + constants.signals[name];
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interrupted(exitCode));
    });
  }
  return controller.signal;
}

/** A reader that went away (`| head`) ends the program quietly; nobody is left to be told. */
function endOnClosedPipe(stream: NodeJS.WriteStream, command: Command): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    command.isOver = true;
    process.exit(0);
  });
}

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

/** How deep processes of voxhost may start each other: the user's, and the one that a plugin runs in. */
const MOST_DEPTH = 1;
const DEPTH_VARIABLE = 'VOXHOST_DEPTH';

/**
 * Counts this process in, for the children that inherit the environment. A single executable that starts
 * itself by mistake, as `process.execPath`, must not do so for ever.
 */
function isTooDeep(env: NodeJS.ProcessEnv): boolean {
  const depth = Number(env[DEPTH_VARIABLE] ?? 0);
  env[DEPTH_VARIABLE] = String(depth + 1);
  return !(depth <= MOST_DEPTH);
}

/**
 * Whatever ends this process before the command has, such as a trusted plugin that calls `process.exit`, is no
 * success, and is told.
 */
function refuseEarlyEnd(command: Command, signal: AbortSignal): void {
  process.on('exit', () => {
    if (command.isOver || signal.aborted) return;
    writeSync(2, 'voxhost: something ended the process before the command was done\n');
    process.exitCode = EARLY_END;
  });
}

/** As for a plugin that failed. */
const EARLY_END = 5;

/** Runs this process as the command line, and ends it. */
export async function runProcess(embedded?: EmbeddedPlugins): Promise<never> {
  const command: Command = { isOver: false };
  endOnClosedPipe(process.stdout, command);
  endOnClosedPipe(process.stderr, command);
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    env: process.env,
    signal: abortOnSignals(),
  };
  if (isTooDeep(process.env)) {
    terminal.err('voxhost: it was started by a process that it started; unset VOXHOST_DEPTH\n');
    process.exit(1);
  }
  refuseEarlyEnd(command, terminal.signal);
  const exitCode = await runCli(process.argv.slice(2), terminal, embedded);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  command.isOver = true;
  // A plugin may leave handles open; the work is done and everything of ours is closed.
  process.exit(exitCode);
}
