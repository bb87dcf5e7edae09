import { badArgument } from '../bad-argument.js';
import type { ParameterMap } from './parameter-map.js';

/** How strictly a map is read, and where what was overlooked is told. */
export interface Reading {
  readonly map: ParameterMap;
  readonly level: number;
  /** Also what elastix refuses: a short list repeats its last entry, a missing level is level 0. */
  readonly lenient: boolean;
  readonly note: (text: string) => void;
}

/** Entries of `Impact<side><name><level>`, or of the shared name where the side has none of its own. */
export function levelEntries(
  reading: Reading,
  side: 'Fixed' | 'Moving',
  name: string,
): readonly string[] | undefined {
  for (const level of reading.lenient ? [reading.level, 0] : [reading.level]) {
    for (const family of [side, '']) {
      const values = reading.map.get(`Impact${family}${name}${level}`);
      if (values === undefined) continue;
      if (level !== reading.level) {
        reading.note(
          `Impact${name}${reading.level} is missing; that of level 0 is used (elastix refuses this)`,
        );
      }
      return values;
    }
  }
  return undefined;
}

/** Exactly `count` entries that elastix insists on. Throws `BAD_ARGUMENT`. */
export function requireEntries(
  reading: Reading,
  side: 'Fixed' | 'Moving',
  [name, count]: readonly [string, number],
): readonly string[] {
  const full = `Impact${name}${reading.level}`;
  const values = levelEntries(reading, side, name);
  if (values === undefined) throw missing(full, 'is missing');
  if (values.length > count)
    reading.note(`${full}: entries after ${count} are ignored, as elastix does`);
  if (values.length >= count) return values.slice(0, count);
  const last = values.at(-1);
  if (!reading.lenient || last === undefined) {
    throw missing(full, `does not exist at entry number ${values.length} of ${count}`);
  }
  reading.note(
    `${full}: ${values.length} of ${count} entries; the last is repeated (elastix refuses this)`,
  );
  return [...values, ...Array<string>(count - values.length).fill(last)];
}

const missing = (name: string, reason: string): Error =>
  badArgument(`parameterMap.${name}`, `${reason}; every level must have its own complete list`);

/** An ordinary elastix parameter: one entry per level, that of level 0 where a level has none. */
export function ordinary(reading: Reading, name: string): string | undefined {
  const values = reading.map.get(name);
  return values?.[reading.level] ?? values?.[0];
}

/** Entries as numbers. Throws `BAD_ARGUMENT` for what is none. */
export function toNumbers(values: readonly string[], name: string): readonly number[] {
  return values.map((value) => {
    const number = Number(value);
    if (value.trim() !== '' && Number.isFinite(number)) return number;
    throw badArgument(`parameterMap.${name}`, `has "${value}", which is no number`);
  });
}
