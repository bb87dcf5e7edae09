import type { Field, ListShape, RecordShape, Shape, StringShape } from './shape.js';

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
export function checkShape(shape: Shape, value: unknown): readonly Misfit[] {
  const misfits: Misfit[] = [];
  check(shape, value, { path: [], rule: '', misfits });
  return misfits;
}

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

/** Where the check is. Most values fit, so that nothing is allocated on the way; a misfit takes a copy of the path. */
interface Place {
  readonly path: (string | number)[];
  /** Of the nearest field, for the message. */
  rule: string;
  readonly misfits: Misfit[];
}

/** A step into the value and back. */
function checkInside(shape: Shape, value: unknown, place: Place, step: string | number): void {
  place.path.push(step);
  check(shape, value, place);
  place.path.pop();
}

function check(shape: Shape, value: unknown, place: Place): void {
  switch (shape.kind) {
    case 'string':
      checkString(shape, value, place);
      break;
    case 'word':
      checkWord(shape.words, value, place);
      break;
    case 'integer':
      if (!isWithin(value, shape.min, shape.max) || !Number.isSafeInteger(value))
        misfit(place, value, `an integer from ${shape.min} to ${shape.max}`);
      break;
    case 'number':
      if (!isWithin(value, shape.min, Number.MAX_VALUE))
        misfit(place, value, `a number of at least ${shape.min}`);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') misfit(place, value, 'true or false');
      break;
    case 'list':
      checkList(shape, value, place);
      break;
    case 'axis':
      if (value !== '*') checkAxis(shape.members, value, place);
      break;
    case 'record':
      checkRecord(shape, value, place);
      break;
    case 'variants':
      checkVariants(shape, value, place);
      break;
    default:
      shape satisfies never;
  }
}

function misfit(place: Place, value: unknown, expected: string): void {
  const rule = place.rule === '' ? '' : ` (${place.rule})`;
  report(place, 'type', { expected: `${expected}${rule}`, found: describe(value) });
}

function report(
  place: Place,
  kind: Misfit['kind'],
  { expected, found }: Pick<Misfit, 'expected' | 'found'>,
): void {
  place.misfits.push({ kind, path: [...place.path], expected, found });
}

const isWithin = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && value >= min && value <= max;

function checkString(shape: StringShape, value: unknown, place: Place): void {
  if (typeof value !== 'string') misfit(place, value, 'a string');
  else if (value.length > shape.max)
    misfit(place, value, `a string of at most ${shape.max} characters`);
  else if (shape.pattern !== undefined && !expression(shape.pattern).test(value))
    report(place, 'type', {
      expected: place.rule === '' ? 'another text' : `text of this form: ${place.rule}`,
      found: describe(value),
    });
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

function checkWord(words: readonly string[], value: unknown, place: Place): void {
  if (typeof value !== 'string') misfit(place, value, 'a string');
  else if (!words.includes(value))
    report(place, 'unknown-word', {
      expected: `one of ${words.join(', ')}`,
      found: describe(value),
    });
}

function checkList({ of, min, max }: ListShape, value: unknown, place: Place): void {
  if (!Array.isArray(value)) misfit(place, value, 'a list');
  else if (value.length < min || value.length > max)
    misfit(place, value, `a list of ${min} to ${max} members`);
  else for (let i = 0; i < value.length; i++) checkInside(of, value[i], place, i);
}

function checkAxis(members: ListShape, value: unknown, place: Place): void {
  if (!Array.isArray(value)) misfit(place, value, 'a list or "*"');
  else checkList(members, value, place);
}

function checkRecord(shape: RecordShape, value: unknown, place: Place): void {
  if (!isRecord(value)) {
    misfit(place, value, 'an object');
    return;
  }
  const { rule } = place;
  for (const name in shape.fields) {
    const field = shape.fields[name] as Field;
    place.rule = field.rule;
    if (Object.hasOwn(value, name)) checkInside(field.shape, value[name], place, name);
    else if (field.required) missing(place, name, field.rule);
  }
  place.rule = rule;
  for (const name of Object.keys(value))
    if (!Object.hasOwn(shape.fields, name) && !name.startsWith('x-'))
      reportAt(place, name, 'unknown-field', {
        expected: 'a known field, or one that starts with "x-"',
        found: describe(value[name]),
      });
}

function reportAt(
  place: Place,
  step: string,
  kind: Misfit['kind'],
  what: Pick<Misfit, 'expected' | 'found'>,
): void {
  place.path.push(step);
  report(place, kind, what);
  place.path.pop();
}

const missing = (place: Place, name: string, expected: string): void =>
  reportAt(place, name, 'missing', { expected, found: 'nothing' });

function checkVariants(
  { by, cases }: { readonly by: string; readonly cases: Readonly<Record<string, RecordShape>> },
  value: unknown,
  place: Place,
): void {
  const chosen = isRecord(value) ? value[by] : undefined;
  const words = Object.keys(cases);
  const fields = typeof chosen === 'string' && words.includes(chosen) ? cases[chosen] : undefined;
  if (!isRecord(value)) misfit(place, value, 'an object');
  else if (fields !== undefined) checkRecord(fields, value, place);
  else if (chosen === undefined) missing(place, by, `one of ${words.join(', ')}`);
  else checkInside({ kind: 'word', words }, chosen, place, by);
}
