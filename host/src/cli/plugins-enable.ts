import type { Command } from 'commander';
import { readPlaces } from '../composition/read-places.js';
import { readPluginState, updatePluginState } from '../discovery/plugin-state.js';
import { atOutput } from '../io/atomic-file.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { disabledOf, idMeant, withoutDisabled } from './plugin-decisions.js';
import { printResult } from './result.js';

export function define(command: Command, session: Session): void {
  command
    .argument('<id>', 'id or name of a plugin that was disabled')
    .addHelpText('after', examples('voxhost plugins enable cuda'))
    .action(async (idOrName: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const id = idMeant(await findPlugins(options, session), idOrName);
      const { state } = readPlaces();
      const wasDisabled = disabledOf(readPluginState(state)).includes(id);
      await atOutput(state, async () =>
        updatePluginState(state, (kept) => withoutDisabled(kept, id)),
      );
      printResult(session.terminal, options, {
        text: wasDisabled ? `${id} is enabled` : `${id} was not disabled`,
        json: { id, disabled: false, wasDisabled },
      });
    });
}
