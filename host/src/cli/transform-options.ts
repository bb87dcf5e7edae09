import { type Command, Option } from 'commander';
import { composite } from '../geometry/make-transform.js';
import type { Transform } from '../geometry/transform.js';
import { collect } from './numbers.js';

/** Transforms of a line, in the order they stand there. */
export interface TransformOptions {
  readonly transform?: readonly string[];
}

export function addTransformOption(command: Command): void {
  command.addOption(
    new Option(
      '--transform <file>',
      'physical transform of output points; repeatable, the last is applied first as in ITK',
    ).argParser(collect),
  );
}

export function addInverseOption(command: Command): void {
  command.addOption(
    new Option('--inverse', 'undo the transforms: each one inverted, in the opposite order'),
  );
}

/** The transforms of the line as one; undefined where there are none. Rejects with `BAD_FILE`. */
export async function readTransforms(
  { transform: paths = [] }: TransformOptions,
  signal: AbortSignal,
): Promise<Transform | undefined> {
  if (paths.length === 0) return undefined;
  const { readTransform } = await import('../io/transforms/read-transform.js');
  const transforms: Transform[] = [];
  for (const path of paths) transforms.push(await readTransform(path, { signal }));
  const [only] = transforms;
  return transforms.length === 1 ? only : composite(transforms);
}
