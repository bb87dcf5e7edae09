import type { Command } from 'commander';
import { HostError } from '../errors.js';
import type { VerdictWord } from '../verdict.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findOnePlugin } from './find-one-plugin.js';
import { entryJson, renderEntry } from './render-catalogue.js';
import { printResult } from './result.js';

/** Verdicts that only the author can change; others are this machine's, and the manifest is right. */
const FAULTS: ReadonlySet<VerdictWord> = new Set([
  'unreadable',
  'malformed',
  'incompatible-schema',
  'corrupt',
  'bad-signature',
  'missing-file',
]);

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<dir>', 'folder of a plugin, or its manifest')
    .addHelpText('after', examples('voxhost plugin validate .', 'voxhost plugin validate . --json'))
    .action(async (path: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const entry = await findOnePlugin(path);
      const { verdict, evidence } = entry.verdict;
      if (FAULTS.has(verdict)) {
        const { expected, found, where } = evidence;
        const reason = `${verdict}: expected ${expected}, found ${JSON.stringify(found)}`;
        const remedy = 'correct it as manifests/README.md says';
        throw new HostError('BAD_FILE', { path: where ?? entry.path, reason, remedy });
      }
      printResult(terminal, options, { text: renderEntry(entry), json: entryJson(entry) });
    });
}
