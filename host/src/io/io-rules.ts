import { PIXEL_TYPES } from '@voxhost/sdk';
import {
  callback,
  finite,
  flag,
  having,
  is,
  limit,
  oneOf,
  optional,
  type Rule,
  record,
  requireArgument,
  signal,
  text,
} from '@voxhost/sdk/arguments';

const FRAMES = having({
  start: is('a number', Number.isFinite),
  count: is('a number', Number.isFinite),
});

const READ = record({
  pixelType: optional(oneOf(...PIXEL_TYPES)),
  signal: optional(signal),
  progress: optional(callback),
  warn: optional(callback),
  maxBytes: optional(limit),
  shear: optional(oneOf('keep', 'refuse')),
  frames: optional(FRAMES),
});

const HIGHEST_LEVEL = 9;

const WRITE = record({
  signal: optional(signal),
  progress: optional(callback),
  channelsAs: optional(oneOf('frames', 'components')),
  frameSpacing: optional(finite),
  compress: optional(flag),
  level: optional(
    is('a whole number from 1 to 9', (v) => Number.isInteger(v) && isLevel(v as number)),
  ),
});

const isLevel = (level: number): boolean => level >= 1 && level <= HIGHEST_LEVEL;

/** No file has a name with a NUL in it. */
const PATH: Rule = (value) =>
  text(value) ?? is('a path', (v) => !(v as string).includes('\0'))(value);

/** Throws `BAD_ARGUMENT` for what is no path, or no options of a reading. */
export function requireReading(path: string, options: object): void {
  requireArgument('path', path, PATH);
  requireArgument('options', options, READ);
}

/** Throws `BAD_ARGUMENT` for what is no path, or no options of a writing. */
export function requireWriting(path: string, options: object): void {
  requireArgument('path', path, PATH);
  requireArgument('options', options, WRITE);
}
