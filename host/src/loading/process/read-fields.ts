import { BrokenContract, type Fields } from './message.js';

/** Readers of single fields of a message: what is not of the type is a broken contract that names the field. */

export function readObject(from: Fields, name: string): Fields {
  const value = from[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BrokenContract(`${name} is no object`);
  return value as Fields;
}

export function readText(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== 'string') throw new BrokenContract(`${name} is no text`);
  return value;
}

/** A whole number of at least 0. */
export function readCount(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new BrokenContract(`${name} is no count`);
  return value;
}

export function readCounts(from: Fields, name: string): readonly number[] {
  const value = from[name];
  if (!Array.isArray(value) || !value.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new BrokenContract(`${name} is no list of counts`);
  return value as readonly number[];
}

export function readWord<W extends string>(from: Fields, name: string, words: readonly W[]): W {
  const value = from[name];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new BrokenContract(`${name} is none of ${words.join(', ')}`);
  return word;
}

export function readWords<W extends string>(
  from: Fields,
  name: string,
  words: readonly W[],
): readonly W[] {
  const value = from[name];
  if (!Array.isArray(value)) throw new BrokenContract(`${name} is no list`);
  return value.map((member) => readWord({ [name]: member }, name, words));
}
