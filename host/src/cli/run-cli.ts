import type { EmbeddedPlugins } from './command.js';
import { COMMANDS } from './commands.js';
import { failureOf } from './failure.js';
import { runProgram } from './program.js';
import { RefusedAnswer } from './refused-answer.js';
import type { Terminal } from './terminal.js';

/** Runs one command line. Never rejects; resolves with the exit code when all is cleaned up. */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  embedded?: EmbeddedPlugins,
): Promise<number> {
  try {
    await runProgram(argv, {
      terminal,
      commands: COMMANDS,
      explaining: false,
      ...(embedded && { embedded }),
    });
    return 0;
  } catch (error) {
    if (error instanceof RefusedAnswer) return error.exitCode;
    const { exitCode, code, message } = failureOf(error);
    if (argv.includes('--json')) {
      terminal.out(`${JSON.stringify({ error: { code, message } })}\n`);
    }
    terminal.err(`voxhost: ${message}\n`);
    if (terminal.env.VOXHOST_LOG !== undefined) terminal.err(`${stackOf(error)}\n`);
    return exitCode;
  }
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack}${cause}`;
}
