import type { Command } from 'commander';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { openHost } from './open-host.js';
import { entryJson, renderCatalogue } from './render-catalogue.js';
import { printResult } from './result.js';

export function define(command: Command, session: Session): void {
  command
    .addHelpText('after', examples('voxhost plugins list', 'voxhost plugins list --json'))
    .action(async () => {
      const options: CommonOptions = command.optsWithGlobals();
      await using host = await openHost(options, session);
      const catalogue = await host.plugins();
      printResult(session.terminal, options, {
        text: renderCatalogue(catalogue),
        json: { plugins: catalogue.entries.map(entryJson), notes: catalogue.notes },
      });
    });
}
