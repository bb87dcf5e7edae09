import type { Command } from 'commander';
import type { Catalogue, CatalogueEntry } from '../discovery/catalogue.js';
import { HostError } from '../errors.js';
import { removeVersions } from '../installing/install-plugin.js';
import { installedVersions } from '../installing/installed.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { changePlugins } from './install-work.js';
import { idMeant } from './plugin-decisions.js';
import { LAYER_NAMES } from './render-catalogue.js';
import { printResult } from './result.js';

interface RemoveOptions extends CommonOptions {
  readonly force?: true;
}

export function define(command: Command, session: Session): void {
  const { terminal } = session;
  command
    .argument('<id>', 'id or name of a plugin that was installed for this user')
    .option('--force', 'also where another plugin needs it')
    .addHelpText('after', examples('voxhost plugins remove org.example.mine'))
    .action(async (idOrName: string) => {
      const options: RemoveOptions = command.optsWithGlobals();
      const catalogue = await findPlugins(options, session);
      const id = idMeant(catalogue, idOrName);
      if (options.force !== true) assertNotNeeded(id, catalogue);
      const removed = await changePlugins(terminal, async (places, disk) => {
        const versions = await installedVersions(id, places.plugins, disk);
        if (versions.length === 0) throw notInstalled(id, catalogue);
        await removeVersions(id, versions, places, disk);
        return versions;
      });
      printResult(terminal, options, {
        text: `removed ${id} ${removed.join(', ')}`,
        json: { id, removed },
      });
    });
}

function assertNotNeeded(id: string, { entries }: Catalogue): void {
  const needs = ({ manifest }: CatalogueEntry): boolean =>
    manifest?.dependsOn?.some((other) => other.id === id && other.optional !== true) === true;
  const dependent = entries.find(needs);
  if (dependent === undefined) return;
  const reason = `${id} is needed by ${dependent.verdict.id}; remove that first, or add --force`;
  throw new HostError('USAGE', { reason });
}

function notInstalled(id: string, { entries }: Catalogue): HostError<'USAGE'> {
  const found = entries.find(({ verdict }) => verdict.id === id);
  const where =
    found === undefined
      ? 'and was not found anywhere'
      : `but found at ${found.path} (${LAYER_NAMES[found.layer]})`;
  return new HostError('USAGE', { reason: `${id} was not installed for this user, ${where}` });
}
