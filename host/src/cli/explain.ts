import type { Command } from 'commander';
import { examples, type Session } from './command.js';
import { runProgram } from './program.js';

export function define(command: Command, session: Session): void {
  const commands = session.commands.filter(({ explainable }) => explainable);
  const names = commands.map(({ name }) => name).join(', ');
  command
    .argument('<command...>', `a whole command line of ${names}`)
    .allowUnknownOption()
    .addHelpText(
      'after',
      examples(
        'voxhost explain resample head.nii.gz out.nii.gz --spacing 2,2,2',
        'voxhost explain resample head.nii.gz out.nii.gz --size 64 --backend cuda,cpu --json',
      ),
    )
    .action(() =>
      runProgram(command.args, {
        ...session,
        commands,
        explaining: true,
        inherited: command.optsWithGlobals(),
      }),
    );
}
