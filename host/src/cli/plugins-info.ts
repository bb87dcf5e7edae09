import type { Command } from 'commander';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { entriesNamed } from './plugin-decisions.js';
import { renderEntry, wholeEntryJson } from './render-catalogue.js';
import { printResult } from './result.js';

export function define(command: Command, session: Session): void {
  command
    .argument('<id>', 'id or name of a plugin')
    .addHelpText(
      'after',
      examples('voxhost plugins info cpu', 'voxhost plugins info org.voxhost.cpu --json'),
    )
    .action(async (id: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const found = entriesNamed(await findPlugins(options, session), id);
      printResult(session.terminal, options, {
        text: found.map(renderEntry).join('\n'),
        json: { plugins: found.map(wholeEntryJson) },
      });
    });
}
