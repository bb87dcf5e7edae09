import { faultIn } from './bad-file.js';

/** Reads the fields of a text header; each answer is checked, each fault names its field. */
export interface TextFields {
  /** The value of the first of `names` that is there. */
  text(...names: string[]): string | undefined;
  /** The same, or the fault that it is missing. */
  required(...names: string[]): string;
}

export function textFields(values: ReadonlyMap<string, string>): TextFields {
  const text = (...names: string[]) => {
    const name = names.find((n) => values.has(n));
    return name === undefined ? undefined : values.get(name);
  };
  const required = (...names: string[]) => {
    const value = text(...names);
    if (value === undefined) throw faultIn(names[0], 'is missing');
    return value;
  };
  return { text, required };
}

/** A plain decimal number; anything else, hexadecimal and empty included, is NaN. */
export const toNumber = (word: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(word) ? Number(word) : NaN;

/** Words between blanks. */
export const words = (value: string): string[] => value.trim().split(/\s+/);

/** Exactly `count` finite numbers, or the fault. */
export function numbersOf(field: string, value: string, count: number): number[] {
  const found = words(value).map(toNumber);
  if (found.length !== count) {
    throw faultIn(field, `has ${found.length} numbers where ${count} are needed`);
  }
  const wrong = found.findIndex((n) => !Number.isFinite(n));
  if (wrong !== -1) throw faultIn(field, `has "${words(value)[wrong].slice(0, 20)}" for a number`);
  return found;
}

/** Does a value say that the names of the files follow, one a line? */
export const isList = (value: string): boolean => /^LIST(\s|$)/.test(value);

/** Files named by a C pattern with one `%d`, e.g. `slice%03d.raw 1 30 1` (a step of 1 may be absent; a fifth word counts
 * axes per file, whose pixels come one after the other whatever it is); undefined where it is none. */
export function patternNames(value: string, field: string): string[] | undefined {
  const match = /^(\S*)%(0?)(\d{0,2})d(\S*)\s+(\d+)\s+(\d+)(?:\s+(-?\d+))?(?:\s+\d+)?\s*$/.exec(
    value,
  );
  if (match === null) return undefined;
  const [, before, zero, width, after, ...range] = match;
  const [first, last, step = 1] = range.filter((word) => word !== undefined).map(Number);
  const count = Math.floor((last - first) / step) + 1;
  if (!(count >= 1 && count <= LARGEST_LIST)) throw faultIn(field, `asks for ${count} files`);
  return Array.from({ length: count }, (_, i) => {
    const digits = String(first + i * step).padStart(Number(width), zero === '0' ? '0' : ' ');
    return before + digits + after;
  });
}

/** Most files that one header may name: a slice each. */
export const LARGEST_LIST = 4096;

/** Text of a header is read as latin1, so that offsets are bytes; names in it are UTF-8. */
export const nameFromLatin1 = (text: string): string =>
  Buffer.from(text, 'latin1').toString('utf8');
