import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import { isUsable, STAGES } from '../verdict.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { describedMachine, type MachineOptions, machineOptions } from './machine-options.js';
import { RefusedAnswer } from './refused-answer.js';
import { renderEntry, wholeEntryJson } from './render-catalogue.js';
import { printResult } from './result.js';

/** The last stage that judges the manifest itself; what fails later is a matter of the machine or the files. */
const OF_THE_MANIFEST = STAGES.indexOf('identity');

export function define(command: Command, { terminal }: Session): void {
  for (const option of machineOptions()) command.addOption(option);
  command
    .argument('<file>', 'a manifest, <id>.plugin.json')
    .addHelpText(
      'after',
      examples(
        'voxhost plugins check org.example.cuda.plugin.json',
        'voxhost plugins check FILE --os win32 --cpu x64 --node 24 --driver 580.65',
        'voxhost plugins check FILE --os linux --cpu x64 --libc glibc-2.28 --cpu-features avx2 --device cuda:8.0:40960',
      ),
    )
    .action(async (file: string, described: MachineOptions) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { executeCheck } = await import('../composition/execute-check.js');
      const entry = await executeCheck(file, describedMachine(described));
      printResult(terminal, options, { text: renderEntry(entry), json: wholeEntryJson(entry) });
      if (isUsable(entry.verdict)) return;
      const isBadFile = entry.verdict.stage <= OF_THE_MANIFEST;
      throw new RefusedAnswer(isBadFile ? EXIT_CODES.BAD_FILE : EXIT_CODES.NO_BACKEND);
    });
}
