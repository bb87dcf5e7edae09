import type { Command } from 'commander';
import { addCommands, type CommandEntry, type Session } from './command.js';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'inspect',
    summary: 'inputs, layers, receptive field and gradient of a model that a metric may use',
    load: () => import('./models-inspect.js'),
  },
];

export function define(command: Command, session: Session): void {
  addCommands(command, COMMANDS, session);
}
