import type { Command } from 'commander';
import { readSearchEnvironment } from '../discovery/read-search-environment.js';
import { searchLayers } from '../discovery/search-layers.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { catalogueSettings } from './find-plugins.js';
import { LAYER_NAMES } from './render-catalogue.js';
import { printResult } from './result.js';
import { textTable } from './text-table.js';

export function define(command: Command, session: Session): void {
  command
    .addHelpText('after', examples('voxhost plugins paths', 'voxhost plugins paths --json'))
    .action(() => {
      const options: CommonOptions = command.optsWithGlobals();
      const { assets, ...settings } = catalogueSettings(options, session);
      const places = searchLayers(
        readSearchEnvironment({ ...settings, ...(assets && { assets: assets.folder }) }),
      );
      const rows = places.map(({ layer, path, origin }) => [
        `${layer}`,
        LAYER_NAMES[layer],
        origin,
        path,
      ]);
      printResult(session.terminal, options, {
        text: textTable([['LAYER', 'NAME', 'ORIGIN', 'PATH'], ...rows]),
        json: { paths: places },
      });
    });
}
