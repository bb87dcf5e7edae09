import type { RecordShape, Shape, StringShape } from './shape.js';

/** A step from a value into it: a field's name or a member's number. */
export type Path = readonly (string | number)[];

/** One way in which a value is not of its shape. */
export interface Misfit {
  readonly kind: 'type' | 'missing' | 'unknown-field' | 'unknown-word';
  readonly path: Path;
  readonly expected: string;
  /** A short description of what is there. */
  readonly found: string;
}

/** Longest piece of a foreign value that goes into a message. */
const SHOWN = 60;

/** All misfits of a value, in the order of the shape's fields; no misfit: the value is of the shape's type. */
export const checkShape = (shape: Shape, value: unknown): readonly Misfit[] =>
  check(shape, value, { path: [], rule: '' });

/** `targets[0].entry.napi` */
export function pathText(path: Path): string {
  const parts = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  return parts.join('').replace(/^\./, '') || 'the manifest';
}

/** A value as a message shows it: its type, or the start of what it is. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}...` : shown;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Place {
  readonly path: Path;
  /** Rule of the nearest field, for the message. */
  readonly rule: string;
}

const NONE: readonly Misfit[] = [];

function check(shape: Shape, value: unknown, place: Place): readonly Misfit[] {
  switch (shape.kind) {
    case 'string':
      return checkString(shape, value, place);
    case 'word':
      return checkWord(shape.words, value, place);
    case 'integer': {
      const { min, max } = shape;
      const isWithin = Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
      return isWithin ? NONE : misfit(place, value, `an integer from ${min} to ${max}`);
    }
    case 'number': {
      const isWithin = typeof value === 'number' && value >= shape.min;
      return isWithin ? NONE : misfit(place, value, `a number of at least ${shape.min}`);
    }
    case 'boolean':
      return typeof value === 'boolean' ? NONE : misfit(place, value, 'true or false');
    case 'list':
      return checkList(shape, value, place);
    case 'axis':
      return value === '*' ? NONE : checkAxis(shape.words, value, place);
    case 'record':
      return checkRecord(shape, value, place);
    case 'variants':
      return checkVariants(shape, value, place);
    default:
      return shape satisfies never;
  }
}

function misfit(place: Place, value: unknown, expected: string): readonly Misfit[] {
  const rule = place.rule === '' ? '' : ` (${place.rule})`;
  const { path } = place;
  return [{ kind: 'type', path, expected: `${expected}${rule}`, found: describe(value) }];
}

function checkString(shape: StringShape, value: unknown, place: Place): readonly Misfit[] {
  if (typeof value !== 'string') return misfit(place, value, 'a string');
  if (value.length > shape.max)
    return misfit(place, value, `a string of at most ${shape.max} characters`);
  const fits = shape.pattern === undefined || expression(shape.pattern).test(value);
  return fits ? NONE : misfit(place, value, 'another string');
}

/** Compiled once each; the patterns come from our own shapes, so there are few. */
const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  let compiled = expressions.get(pattern);
  if (compiled === undefined) {
    compiled = new RegExp(pattern, 'u');
    expressions.set(pattern, compiled);
  }
  return compiled;
}

function checkWord(words: readonly string[], value: unknown, place: Place): readonly Misfit[] {
  if (typeof value !== 'string') return misfit(place, value, 'a string');
  if (words.includes(value)) return NONE;
  const expected = `one of ${words.join(', ')}`;
  return [{ kind: 'unknown-word', path: place.path, expected, found: describe(value) }];
}

interface Members {
  readonly of: Shape;
  readonly min: number;
  readonly max: number;
}

function checkList({ of, min, max }: Members, value: unknown, place: Place): readonly Misfit[] {
  if (!Array.isArray(value)) return misfit(place, value, 'a list');
  if (value.length < min || value.length > max)
    return misfit(place, value, `a list of ${min} to ${max} members`);
  return value.flatMap((member, index) =>
    check(of, member, { path: [...place.path, index], rule: place.rule }),
  );
}

function checkAxis(words: readonly string[], value: unknown, place: Place): readonly Misfit[] {
  if (!Array.isArray(value)) return misfit(place, value, 'a list or "*"');
  return checkList({ of: { kind: 'word', words }, min: 1, max: words.length }, value, place);
}

function checkRecord(shape: RecordShape, value: unknown, place: Place): readonly Misfit[] {
  if (!isRecord(value)) return misfit(place, value, 'an object');
  const known = Object.entries(shape.fields).flatMap(([name, field]) => {
    const inner = { path: [...place.path, name], rule: field.rule };
    if (Object.hasOwn(value, name)) return check(field.shape, value[name], inner);
    return field.required ? missing(inner) : NONE;
  });
  const unknown = Object.keys(value).filter(
    (name) => !Object.hasOwn(shape.fields, name) && !name.startsWith('x-'),
  );
  return unknown.length === 0
    ? known
    : [...known, ...unknown.map((name) => unknownField([...place.path, name], value[name]))];
}

const missing = ({ path, rule }: Place): readonly Misfit[] => [
  { kind: 'missing', path, expected: rule, found: 'nothing' },
];

const unknownField = (path: Path, value: unknown): Misfit => ({
  kind: 'unknown-field',
  path,
  expected: 'a known field, or one that starts with "x-"',
  found: describe(value),
});

function checkVariants(
  { by, cases }: { readonly by: string; readonly cases: Readonly<Record<string, RecordShape>> },
  value: unknown,
  place: Place,
): readonly Misfit[] {
  if (!isRecord(value)) return misfit(place, value, 'an object');
  const chosen = value[by];
  const words = Object.keys(cases);
  const inner = { path: [...place.path, by], rule: `one of ${words.join(', ')}` };
  if (chosen === undefined) return missing(inner);
  const found = typeof chosen === 'string' && words.includes(chosen) ? cases[chosen] : undefined;
  return found === undefined ? checkWord(words, chosen, inner) : checkRecord(found, value, place);
}
