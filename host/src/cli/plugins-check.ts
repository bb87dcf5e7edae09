import type { Command } from 'commander';
import type { MachineDescription } from '../compatibility/hypothetical-machine.js';
import { isUsable, STAGES } from '../compatibility/verdict.js';
import { EXIT_CODES } from '../errors.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { RefusedAnswer } from './refused-answer.js';
import { entryJson, renderEntry } from './render-catalogue.js';
import { printResult } from './result.js';

/** The last stage that judges the manifest itself; what fails later is a matter of the machine or the files. */
const OF_THE_MANIFEST = STAGES.indexOf('identity');

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<file>', 'a manifest, <id>.plugin.json')
    .option('--os <name>', 'for another system, as process.platform has it')
    .option('--os-version <version>', 'its version, as os.release() has it')
    .option('--cpu <name>', 'for another processor, as process.arch has it')
    .option('--libc <name-version>', 'for another C library: glibc-2.28, musl')
    .option('--node <version>', 'for another Node.js')
    .option('--driver <version>', 'for another NVIDIA driver')
    .option('--host <version>', 'for another voxhost')
    .addHelpText(
      'after',
      examples(
        'voxhost plugins check org.example.cuda.plugin.json',
        'voxhost plugins check FILE --os win32 --cpu x64 --node 24 --driver 580.65',
      ),
    )
    .action(async (file: string, description: MachineDescription) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { executeCheck } = await import('../composition/execute-check.js');
      const entry = await executeCheck(file, description);
      printResult(terminal, options, { text: renderEntry(entry), json: entryJson(entry) });
      if (isUsable(entry.verdict)) return;
      const isBadFile = entry.verdict.stage <= OF_THE_MANIFEST;
      throw new RefusedAnswer(isBadFile ? EXIT_CODES.BAD_FILE : EXIT_CODES.NO_BACKEND);
    });
}
