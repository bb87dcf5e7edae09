import { constants } from 'node:os';
import type { EmbeddedPlugins } from './command.js';
import { runCli } from './run-cli.js';
import { Interrupted, type Terminal } from './terminal.js';

/** Signals that ask the process to end. A second one ends it at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
function endOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
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

/** Runs this process as the command line, and ends it. */
export async function runProcess(embedded?: EmbeddedPlugins): Promise<never> {
  endOnClosedPipe(process.stdout);
  endOnClosedPipe(process.stderr);
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
  const exitCode = await runCli(process.argv.slice(2), terminal, embedded);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // A plugin may leave handles open; the work is done and everything of ours is closed.
  process.exit(exitCode);
}
