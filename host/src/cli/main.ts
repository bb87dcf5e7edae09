import { constants } from 'node:os';
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

async function main(): Promise<void> {
  endOnClosedPipe(process.stdout);
  endOnClosedPipe(process.stderr);
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    env: process.env,
    signal: abortOnSignals(),
  };
  const exitCode = await runCli(process.argv.slice(2), terminal);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // A plugin may leave handles open; the work is done and everything of ours is closed.
  process.exit(exitCode);
}

main().catch((error: unknown) => {
  process.stderr.write(`voxhost: ${String(error)}\n`);
  process.exit(1);
});
