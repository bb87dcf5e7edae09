import type { Command } from 'commander';
import type { Catalogue, CatalogueEntry } from '../discovery/catalogue.js';
import { HostError } from '../errors.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
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

/** All entries of an id or name, shadowed ones too. Throws `USAGE` where there is none. */
function entriesNamed({ entries }: Catalogue, id: string): readonly CatalogueEntry[] {
  const found = entries.filter(
    ({ verdict, manifest }) => verdict.id === id || manifest?.name === id,
  );
  if (found.length > 0) return found;
  const known = entries.map(({ verdict, path }) => verdict.id ?? path).join(', ');
  throw new HostError('USAGE', { reason: `no plugin "${id}" was found; found are ${known}` });
}
