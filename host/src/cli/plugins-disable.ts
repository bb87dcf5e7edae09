import type { Command } from 'commander';
import { readPlaces } from '../composition/read-places.js';
import { updatePluginState } from '../discovery/plugin-state.js';
import { atOutput } from '../io/atomic-file.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { idMeant, withDisabled } from './plugin-decisions.js';
import { printResult } from './result.js';

export function define(command: Command, session: Session): void {
  command
    .argument('<id>', 'id or name of a plugin; also one that is not installed yet')
    .addHelpText('after', examples('voxhost plugins disable cuda'))
    .action(async (idOrName: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = idMeant(await findPlugins(options, session), idOrName);
      const { state } = readPlaces();
      await atOutput(state, async () => updatePluginState(state, (kept) => withDisabled(kept, id)));
      printResult(session.terminal, options, {
        text: `${id} is disabled, until: voxhost plugins enable ${id}`,
        json: { id, disabled: true },
      });
    });
}
