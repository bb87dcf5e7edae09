import type { Command } from 'commander';
import { readPlaces } from '../composition/read-places.js';
import { releasePlugin } from '../loading/quarantine/plugin-health.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { idMeant } from './plugin-decisions.js';
import { printResult } from './result.js';

export function define(command: Command, session: Session): void {
  const { terminal } = session;
  command
    .argument('<id>', 'id or name of a plugin')
    .addHelpText('after', examples('voxhost plugins release org.example.cuda'))
    .action(async (idOrName: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = idMeant(await findPlugins(options, session), idOrName);
      const released = releasePlugin(readPlaces().state, id);
      const text = released
        ? `${id} is released: its failures are forgotten`
        : `nothing was held against ${id}`;
      printResult(terminal, options, { text, json: { id, released } });
    });
}
