import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommonOptions } from './common-options.js';
import { parseChoice, parseCount } from './numbers.js';

/** The line of `apply`, parsed. */
export interface ApplyOptions extends CommonOptions {
  readonly inverse?: true;
  readonly lazy?: boolean;
  readonly seed: number;
  readonly key: string;
  /** Further entries of a dictionary: where from, where to. */
  readonly entry?: readonly Entry[];
  /** Where the trace is written, or read with `--inverse`; false writes none. */
  readonly trace: string | boolean;
}

/** One entry of a dictionary, named by its key. */
export interface Entry {
  readonly key: string;
  readonly input: string;
  readonly output: string;
}

export function addApplyOptions(command: Command): void {
  const options = [
    new Option('--inverse', 'bring IN, a result of the pipeline, back to where its trace began'),
    new Option('--lazy <true|false>', 'defer all, or none, whatever the file says').argParser(
      (text) => parseChoice(['true', 'false'])(text) === 'true',
    ),
    new Option('--seed <n>', 'of everything drawn').argParser(parseSeed).default(0),
    new Option('--key <name>', 'name of IN in a pipeline of a dictionary').default('image'),
    new Option(
      '--entry <key=in,out>',
      'a further entry of the dictionary, for example label=seg.nii.gz,out-seg.nii.gz; repeatable',
    ).argParser(collectEntry),
    new Option('--trace <file>', 'what was applied, as JSON; default beside the volume it made'),
    new Option('--no-trace', 'write no trace'),
  ];
  for (const option of options) command.addOption(option);
}

function parseSeed(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

function collectEntry(text: string, before: readonly Entry[] | undefined): readonly Entry[] {
  const found = /^([^=]+)=([^,]+),([^,]+)$/.exec(text);
  if (found === null) throw new InvalidArgumentError('Give KEY=IN,OUT.');
  const [, key, input, output] = found;
  return [...(before ?? []), { key, input, output }];
}
