import type { Command } from 'commander';
import { addCommands, type CommandEntry, type Session } from './command.js';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'create',
    summary: 'start a new plugin, which works as it is',
    load: () => import('./plugin-create.js'),
  },
  {
    name: 'validate',
    summary: 'judge a manifest as the host would, and say what is wrong where',
    load: () => import('./plugin-validate.js'),
  },
  {
    name: 'test',
    summary: 'try every rule of the contract on every claim of a plugin',
    load: () => import('./plugin-test.js'),
  },
  {
    name: 'pack',
    summary: 'seal a plugin into one file that can be installed',
    load: () => import('./plugin-pack.js'),
  },
];

export function define(command: Command, session: Session): void {
  addCommands(command, COMMANDS, session);
}
