import { Command, CommanderError } from 'commander';
import { HostError } from '../errors.js';
import { VERSION } from '../version.js';
import { addCommands, type Session } from './command.js';
import { addCommonOptions } from './common-options.js';

/** Parses a line and runs its command. Rejects with what the command rejects with, or with `USAGE`. */
export async function runProgram(argv: readonly string[], session: Session): Promise<void> {
  const program = createProgram(session, argv.includes('--json'));
  try {
    await program.parseAsync(helpLast(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error);
  }
}

function createProgram(session: Session, isJson: boolean): Command {
  const { out, err } = session.terminal;
  const program = new Command('voxhost')
    .description('Resamples and compares volumes on the best backend that works here.')
    .version(
      isJson ? JSON.stringify({ version: VERSION }) : VERSION,
      '--version',
      'print the version',
    )
    .helpOption('--help', 'print this help')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: out, writeErr: err, outputError: () => {} })
    .exitOverride();
  addCommonOptions(program);
  for (const [name, value] of Object.entries(session.inherited ?? {})) {
    program.setOptionValue(name, value);
  }
  addCommands(program, session.commands, session);
  return program;
}

/** `help resample` is `resample --help`: the command's file must be loaded to be described. */
function helpLast(argv: readonly string[]): readonly string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

/** Commander prints help to stderr and fails where a command is missing; the help itself is then the message. */
function usageError(error: CommanderError): HostError<'USAGE'> {
  const reason =
    error.code === 'commander.help'
      ? 'the line names no command'
      : error.message
          .replace(/^error: /, '')
          .replace(/\.$/, '')
          .replace(/\n\(Did/, ' (did');
  return new HostError('USAGE', { reason }, error);
}
