import { type Grid, PIXEL_TYPES, type PixelType } from '@voxhost/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ResampleRequest } from '../lazy/resample-request.js';
import { boundaryNamed, interpolatorNamed } from '../lazy/synonyms.js';
import type { CommonOptions } from './common-options.js';
import { perAxis } from './grid-options.js';
import { type KeyedOptions, parseOption } from './keyed-option.js';
import { known } from './known-name.js';
import { parseChoice, parseCount, parseDecimal, parseSize, parseSpacing } from './numbers.js';
import {
  addInverseOption,
  addTransformOption,
  type TransformOptions,
} from './transform-options.js';

/** The line of `resample`, parsed. */
export interface ResampleOptions extends CommonOptions, TransformOptions {
  readonly spacing?: readonly number[];
  readonly size?: readonly number[];
  /** Path of the volume whose grid to take. */
  readonly like?: string;
  readonly orientation?: string;
  readonly interpolator: ReturnType<typeof interpolatorNamed>;
  /** A name that is known; the fill value is apart. */
  readonly boundary: string;
  readonly fill: number;
  readonly pixelType: PixelType | 'same';
  readonly inverse?: boolean;
  /** What becomes of a volume whose axes are not perpendicular. */
  readonly shear: 'refuse' | 'resample';
  /** Settings of the one backend that is named. */
  readonly option?: KeyedOptions;
  /** Frames of a 4-D volume that are in memory together. */
  readonly framesAtOnce?: number;
}

export function addResampleOptions(command: Command): void {
  const options = [
    new Option('--spacing <x,y,z>', 'millimetres per axis; one number for all')
      .argParser(parseSpacing)
      .conflicts(['size', 'like']),
    new Option('--size <i,j,k>', 'voxels per axis, over the same extent; one number for all')
      .argParser(parseSize)
      .conflicts('like'),
    new Option('--like <ref>', 'take the grid of this volume').conflicts('orientation'),
    new Option('--orientation <axcodes>', 'turn the axes first, for example RAS').argParser(
      parseOrientation,
    ),
    new Option('--interpolator <name>', 'nearest, linear, bspline3, lanczos3, scipy:3, ...')
      .argParser(known(interpolatorNamed))
      .default('linear'),
    new Option('--boundary <name>', 'constant, nearest, reflect, mirror, torch:zeros, ...')
      .argParser(known((name) => boundaryNamed(name) && name))
      .default('nearest'),
    new Option('--fill <value>', 'value outside, for the constant boundaries')
      .argParser(parseDecimal)
      .default(0),
    new Option('--pixel-type <type>', `same, ${PIXEL_TYPES.join(', ')}`)
      .argParser(parseChoice(['same', ...PIXEL_TYPES]))
      .default('same'),
    new Option('--shear <how>', 'a volume whose axes are not perpendicular: refuse, resample')
      .argParser(parseChoice(['refuse', 'resample']))
      .default('refuse'),
    new Option(
      '--option <key=value>',
      'a setting of the one --backend, such as device=1; repeatable',
    ).argParser(parseOption),
    new Option(
      '--frames-at-once <n>',
      'frames of a 4-D volume in memory together; absent: as many as fit',
    ).argParser(parseCount),
  ];
  addTransformOption(command);
  addInverseOption(command);
  for (const option of options) command.addOption(option);
}

/** What the options ask of a volume on `grid`. Throws `USAGE`. */
export function toRequest(
  options: ResampleOptions,
  grid: Grid,
  like: Grid | undefined,
): ResampleRequest {
  const { orientation, interpolator, boundary, fill, pixelType } = options;
  return {
    ...perAxis(options, grid.size.length, 'the volume'),
    ...(like && { like }),
    ...(orientation !== undefined && { orientation }),
    interpolator,
    boundary: boundaryNamed(boundary, { value: fill }),
    ...(pixelType !== 'same' && { pixelType }),
  };
}

/** Letters of different axes, as many as the volume has: which is checked when it is read. */
function parseOrientation(text: string): string {
  const letters = text.toUpperCase();
  const axes = [...letters].map((letter) =>
    ['LR', 'PA', 'SI'].findIndex((a) => a.includes(letter)),
  );
  const isWhole = (axes.length === 2 || axes.length === 3) && !axes.includes(-1);
  if (isWhole && new Set(axes).size === axes.length) return letters;
  throw new InvalidArgumentError('Give a letter of L/R, P/A and S/I for each axis, as in RAS.');
}
