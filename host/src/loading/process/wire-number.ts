import { BrokenContract } from './message.js';

/** A number as JSON can carry it: what JSON cannot write is a word. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

const WORDS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

export function toWire(value: number): WireNumber {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : (String(value) as WireNumber);
}

export const toWireList = (values: ArrayLike<number>): readonly WireNumber[] =>
  Array.from(values, toWire);

/** Throws `BrokenContract` naming the field. */
export function fromWire(value: unknown, field: string): number {
  const found = typeof value === 'number' ? value : WORDS.get(value);
  if (found === undefined) throw new BrokenContract(`${field} is no number`);
  return found;
}

export function fromWireList(value: unknown, field: string): readonly number[] {
  if (!Array.isArray(value)) throw new BrokenContract(`${field} is no list of numbers`);
  return value.map((member) => fromWire(member, field));
}
