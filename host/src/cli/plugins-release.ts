import type { Command } from 'commander';
import { readPlaces } from '../composition/read-places.js';
import { releasePlugin } from '../loading/quarantine/plugin-health.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { printResult } from './result.js';

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<id>', 'as "voxhost plugins list" shows it')
    .addHelpText('after', examples('voxhost plugins release org.example.cuda'))
    .action((id: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const released = releasePlugin(readPlaces().state, id);
      const text = released
        ? `${id} is released: its failures are forgotten`
        : `nothing was held against ${id}`;
      printResult(terminal, options, { text, json: { id, released } });
    });
}
