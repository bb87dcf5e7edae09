import type { Command } from 'commander';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { entryJson, renderCatalogue } from './render-catalogue.js';
import { printResult } from './result.js';

export function define(command: Command, session: Session): void {
  command
    .addHelpText('after', examples('voxhost plugins list', 'voxhost plugins list --json'))
    .action(async () => {
      const options: CommonOptions = command.optsWithGlobals();
      const catalogue = await findPlugins(options, session);
      printResult(session.terminal, options, {
        text: renderCatalogue(catalogue),
        json: { plugins: catalogue.entries.map(entryJson), notes: catalogue.notes },
      });
    });
}
