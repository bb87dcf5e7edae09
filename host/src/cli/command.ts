import type { Command } from 'commander';
import type { PluginSource } from '../files/plugin-source.js';
import type { Terminal } from './terminal.js';

/** Plugins inside a single executable. */
export interface EmbeddedPlugins {
  readonly source: PluginSource;
  /** Where in the source they are. */
  readonly folder: string;
}

/** One run of the program. */
export interface Session {
  readonly terminal: Terminal;
  /** All there are, for a command that runs others. */
  readonly commands: readonly CommandEntry[];
  /** Under `voxhost explain`: decide and say so, run nothing. */
  readonly explaining: boolean;
  readonly embedded?: EmbeddedPlugins;
  /** Common options that stood before `explain`. */
  readonly inherited?: Readonly<Record<string, unknown>>;
}

/** What the file of a command exports. Loaded when the command is on the line. */
export interface CommandFile {
  /** Adds arguments, options, examples and the action. */
  readonly define: (command: Command, session: Session) => void;
}

/** What the program knows of a command before its file is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** May `voxhost explain` stand before it? */
  readonly explainable?: boolean;
  readonly load: () => Promise<CommandFile>;
}

/** Adds commands whose files load only when they are on the line. */
export function addCommands(
  parent: Command,
  entries: readonly CommandEntry[],
  session: Session,
): void {
  parent.helpCommand(false); // it would describe a command whose file is not loaded
  for (const entry of entries) parent.command(entry.name).description(entry.summary);
  parent.hook('preSubcommand', async (_parent, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    const file = await entry?.load();
    file?.define(command, session);
  });
}

/** Help text that follows the options. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}
