import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json } from '@voxhost/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { interpolatorNamed } from '../lazy/synonyms.js';
import type { CommonOptions } from './common-options.js';
import { known } from './known-name.js';
import { parseChoice } from './numbers.js';
import { addTransformOption, type TransformOptions } from './transform-options.js';

/** The line of `metric`, parsed. */
export interface MetricOptions extends CommonOptions, TransformOptions {
  readonly metric: string;
  readonly fixedMask?: string;
  readonly movingMask?: string;
  /** By the transform's parameters or by the map's. */
  readonly derivative?: 'transform' | 'map';
  readonly interpolator: ReturnType<typeof interpolatorNamed>;
  readonly option?: { readonly [key: string]: Json };
}

/** Short names that people know, on the command line only. */
const ALIASES: { readonly [alias: string]: string } = {
  ssd: 'mean-squares',
  mse: 'mean-squares',
  ncc: 'normalized-correlation',
  mi: 'mattes-mutual-information',
  lncc: 'local-normalized-correlation',
};

export function addMetricOptions(command: Command): void {
  const options = [
    new Option(
      '--metric <name>',
      'mean-squares, normalized-correlation, mattes-mutual-information, ...',
    )
      .argParser((name) => (Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name))
      .makeOptionMandatory(),
    new Option('--fixed-mask <file>', 'compare only where this volume on the fixed grid is not 0'),
    new Option(
      '--moving-mask <file>',
      'compare only where this volume on the moving grid is not 0',
    ),
    new Option('--derivative [of]', 'also the derivative: by the transform (default) or by the map')
      .preset('transform')
      .argParser(parseChoice(['transform', 'map'])),
    new Option('--interpolator <name>', 'of the moving image')
      .argParser(known(interpolatorNamed))
      .default('linear'),
    new Option('--option <key=value>', "the metric's own, such as bins=32; repeatable").argParser(
      parseMetricOption,
    ),
  ];
  for (const option of options) command.addOption(option);
  addTransformOption(command);
}

/** `key=value`: a value that is JSON counts as such, anything else is text. */
export function parseMetricOption(
  text: string,
  previous: MetricOptions['option'] = {},
): NonNullable<MetricOptions['option']> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as key=value.');
  return { ...previous, [text.slice(0, at)]: parseValue(text.slice(at + 1)) };
}

/** A path of a file becomes absolute: the plugin that reads it may run in another folder. */
function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return isPath(text) ? resolve(text) : text;
  }
}

/** Words have neither a dot nor a slash; what has, and is there, is a path. */
const isPath = (text: string): boolean => /[./\\]/.test(text) && existsSync(text);
