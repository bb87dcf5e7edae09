import type { Json } from '@voxhost/sdk';
import { modeProblem } from '../lazy/modes.js';

/** Says what a value should be, or undefined if it is. */
export type Check = (value: Json) => string | undefined;

/** Checks by parameter name; what is not named is not known. */
export type Checks = { readonly [param: string]: Check };

/** The first parameter that is not what it should be, and what that is; names that are not known pass. */
export function misfitIn(
  checks: Checks,
  params: { readonly [name: string]: Json | undefined },
): { readonly name: string; readonly wanted: string } | undefined {
  for (const [name, value] of Object.entries(params)) {
    const wanted = Object.hasOwn(checks, name) ? checks[name]?.(value ?? null) : undefined;
    if (wanted !== undefined) return { name, wanted };
  }
  return undefined;
}

const is =
  (wanted: string, fits: (value: Json) => boolean): Check =>
  (value) =>
    fits(value) ? undefined : wanted;

/** JSON's `1e999` is read as infinite, which no parameter may be. */
const isNumber = (value: Json): boolean => Number.isFinite(value);
const isList = (value: Json, fits: (value: Json) => boolean): boolean =>
  Array.isArray(value) && value.every(fits);

export const number = is('a number', isNumber);
export const boolean = is('true or false', (v) => typeof v === 'boolean');
/** An expression that could not be read is no text. */
const isText = (v: Json): boolean => typeof v === 'string' && !v.startsWith('$');

export const text = is('text', isText);
export const numbers = is(
  'a number or a list of numbers',
  (v) => isNumber(v) || isList(v, isNumber),
);
export const whole = is('a whole number', Number.isInteger);
/** Cells per axis that a distortion draws one number each for: no volume has more voxels. */
const MOST_CELLS = 65_536;
const isCells = (v: Json): boolean =>
  Number.isInteger(v) && (v as number) >= 1 && (v as number) <= MOST_CELLS;
export const cells = is(
  `a whole number from 1 to ${MOST_CELLS} or a list of them`,
  (v) => isCells(v) || isList(v, isCells),
);
/** Of voxels. */
export const wholes = is(
  'a whole number or a list of them',
  (v) => Number.isInteger(v) || isList(v, Number.isInteger),
);
export const list = is('a list of numbers', (v) => isList(v, isNumber));
export const rows = is('a list of lists of numbers', (v) =>
  isList(v, (row) => isList(row, isNumber)),
);
export const pair = is('two numbers', (v) => isList(v, isNumber) && (v as Json[]).length === 2);
export const axes = is('whole numbers', (v) => isList(v, Number.isInteger) || Number.isInteger(v));
export const axisPair = is(
  'two whole numbers',
  (v) => isList(v, Number.isInteger) && (v as Json[]).length === 2,
);
export const count = is(
  'a whole number of at least 1',
  (v) => Number.isInteger(v) && (v as number) >= 1,
);
export const mode: Check = (value) => {
  if (typeof value !== 'string' && typeof value !== 'number') return 'a name or a spline order';
  const problem = modeProblem(value);
  return problem === undefined ? undefined : `a mode that there is (${problem})`;
};
export const corners = is(
  'true, false or "monai-legacy"',
  (v) => typeof v === 'boolean' || v === 'monai-legacy',
);
export const bounds = is(
  'a number, or a list of numbers and nulls',
  (v) => isNumber(v) || isList(v, (b) => b === null || isNumber(b)),
);
export const slices = is('a list of [start, end] in whole numbers', (v) =>
  isList(v, (slice) => isList(slice, (b) => b === null || Number.isInteger(b))),
);
export const ranges = is(
  'a range, or a list of them',
  (v) => isNumber(v) || isList(v, (r) => isNumber(r) || isList(r, isNumber)),
);
export const lattice = is(
  'a lattice',
  (v) => typeof v === 'object' && v !== null && 'size' in v && 'data' in v,
);
/** One of these texts. */
export const oneOf = (...names: readonly string[]): Check =>
  is(names.join(' or '), (v) => typeof v === 'string' && names.includes(v));

/** A parameter that changes nothing here, whatever it says. */
export const ignored: Check = () => undefined;
