import type { CommandEntry } from './command.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'explain',
    summary: 'say which backend would serve a command, without running it',
    load: () => import('./explain.js'),
  },
];
