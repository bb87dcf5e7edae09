import type { Command } from 'commander';
import { explainSettings } from '../discovery/plugin-settings.js';
import { readSearchEnvironment } from '../discovery/read-search-environment.js';
import { examples, type Session } from './command.js';
import { type CommonOptions, flagsOf } from './common-options.js';
import { visible } from './one-line.js';
import { printResult } from './result.js';
import { textTable } from './text-table.js';

export function define(command: Command, { terminal }: Session): void {
  command
    .option('--explain', 'also what each value overrides')
    .addHelpText('after', examples('voxhost plugins config --explain'))
    .action(({ explain }: { readonly explain?: boolean }) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { settings } = readSearchEnvironment({ flags: flagsOf(options) });
      const lines = explainSettings(settings);
      const rows = lines.flatMap(({ name, value, origin, overridden }) => [
        [name, origin, value.join(', ')],
        ...(explain ? overridden.map((other) => ['', `  not ${other.origin}`, other.value]) : []),
      ]);
      const notes = settings.notes.map((note) => `note: ${visible(note)}\n`);
      printResult(terminal, options, {
        text: textTable([['SETTING', 'ORIGIN', 'VALUE'], ...rows]) + notes.join(''),
        json: { settings: lines, notes: settings.notes },
      });
    });
}
