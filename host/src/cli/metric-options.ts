import { type Command, Option } from 'commander';
import { interpolatorNamed } from '../lazy/synonyms.js';
import { own } from '../own.js';
import type { CommonOptions } from './common-options.js';
import { type KeyedOptions, parseOption } from './keyed-option.js';
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
  /** The metric's own, and settings of the named backend. */
  readonly option?: KeyedOptions;
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
      .argParser((name) => own(ALIASES, name) ?? name)
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
    new Option(
      '--option <key=value>',
      "the metric's own, such as bins=32, or a setting of the one --backend; repeatable",
    ).argParser(parseOption),
  ];
  for (const option of options) command.addOption(option);
  addTransformOption(command);
}
