import { InvalidArgumentError } from 'commander';

/** Strict: the whole text is one decimal number. `Number('')` and `Number('0x10')` are not what a user meant. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Any finite decimal number. */
export function parseDecimal(text: string): number {
  const trimmed = text.trim();
  const value = DECIMAL.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}

function parseList(text: string): readonly number[] {
  const values = text.split(',').map(parseDecimal);
  if (values.length > 3) {
    throw new InvalidArgumentError(`Give one number for all axes, or one for each of 2 or 3 axes.`);
  }
  return values;
}

/** `2,2,2.5`, or one number for all axes: positive millimetres. */
export function parseSpacing(text: string): readonly number[] {
  const values = parseList(text);
  if (values.some((v) => v <= 0)) throw new InvalidArgumentError('Millimetres must be positive.');
  return values;
}

/** `64,64,32`, or one number for all axes: voxels, each at least 1. */
export function parseSize(text: string): readonly number[] {
  const values = parseList(text);
  if (!values.every((v) => Number.isSafeInteger(v) && v >= 1)) {
    throw new InvalidArgumentError('Voxels are whole numbers of at least 1.');
  }
  return values;
}

/** A whole number of at least 1. */
export function parseCount(text: string): number {
  const value = parseDecimal(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  }
  return value;
}

/** Most pixels along an edge of a picture: what viewers of PNG still open. */
const MOST_EDGE = 16_384;

/** Pixels along an edge of a picture. */
export function parseEdge(text: string): number {
  const value = parseCount(text);
  if (value <= MOST_EDGE) return value;
  throw new InvalidArgumentError(`It must be at most ${MOST_EDGE}.`);
}

/** `black,white`, two different numbers. */
export function parseWindow(text: string): readonly [number, number] {
  const [black, white, ...rest] = parseList(text);
  if (black === undefined || white === undefined || rest.length > 0 || black === white) {
    throw new InvalidArgumentError('Give two different numbers, as in -100,300.');
  }
  return [black, white];
}

/** A name that is one of `choices`; the message lists them. */
export function parseChoice<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    }
    return found;
  };
}

/** Comma-separated names, without empty ones. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('A name is empty.');
  return names;
}

/** Collects a repeatable option. */
export const collect = (text: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  text,
];
