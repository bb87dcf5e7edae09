import { isVoxhostError, VoxhostError } from '../errors.js';
import { pixelTypeOf } from '../pixel-type.js';
import { show } from '../show.js';
import { isSlip } from './slip.js';

/** Where a value breaks a rule, as a path from it, and how. */
export interface Breach {
  /** `''` for the value itself, else `.size[1]`. */
  readonly at: string;
  /** Continues the sentence that begins with the path. */
  readonly reason: string;
}

/** What a value must be: its first breach, or undefined where it keeps the rule. Never throws for a plain value. */
export type Rule = (value: unknown) => Breach | undefined;

/**
 * Throws `BAD_ARGUMENT` for a value that breaks the rule, or that cannot even be looked at; what is wrong inside an
 * object goes by the name of its field.
 */
export function requireArgument(argument: string, value: unknown, rule: Rule): void {
  const breach = reading(argument, () => rule(value));
  if (breach === undefined) return;
  const { at, reason } = breach;
  const inside = at.startsWith('.') ? at.slice(1) : `${argument}${at}`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: inside, reason });
}

/** What `look` finds in an argument. Throws `BAD_ARGUMENT` for one whose getters or traps throw. */
export function reading<T>(argument: string, look: () => T): T {
  try {
    return look();
  } catch (cause) {
    if (isVoxhostError(cause)) throw cause;
    throw unreadable(argument, cause);
  }
}

const unreadable = (argument: string, cause: unknown): VoxhostError => {
  const reason = 'cannot be read: it throws when it is looked at';
  return new VoxhostError('BAD_ARGUMENT', { argument, reason }, cause);
};

/** A rule from a question and, for the message, what the answer should have been. */
export const is =
  (wanted: string, keeps: (value: unknown) => boolean): Rule =>
  (value) =>
    keeps(value) ? undefined : { at: '', reason: `is ${show(value)}, not ${wanted}` };

/** A rule from a function that says what is wrong, as `mapProblem` does. */
export const without =
  (problem: (value: unknown) => string | undefined): Rule =>
  (value) => {
    const reason = problem(value);
    return reason === undefined ? undefined : { at: '', reason };
  };

export const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value);

/** Was its memory given away? Of length 0 then, but no list of none: it cannot even be walked through. */
export function isDetached(view: unknown): boolean {
  const { buffer, length } = view as Uint8Array;
  if (length > 0) return false;
  try {
    return new Uint8Array(buffer).length > buffer.byteLength;
  } catch {
    return true; // Node 20 has no other way to ask
  }
}

/** An array or a typed array of a pixel type, each of whose members keeps the rule; a hole keeps none. */
export function isListThat(
  value: unknown,
  keeps: (member: number) => boolean,
): value is readonly number[] {
  if (!Array.isArray(value) && (pixelTypeOf(value) === undefined || isDetached(value)))
    return false;
  const list = value as readonly number[];
  for (let i = 0; i < list.length; i++) if (!keeps(list[i])) return false;
  return true;
}

export const number: Rule = is('a number', (v) => typeof v === 'number');
export const finite: Rule = is('a finite number', Number.isFinite);
export const positive: Rule = is(
  'a positive number',
  (v) => Number.isFinite(v) && (v as number) > 0,
);
export const amount: Rule = is(
  'a number of at least 0',
  (v) => Number.isFinite(v) && (v as number) >= 0,
);
/** Infinity is no limit. */
export const limit: Rule = is('a number of at least 0', (v) => typeof v === 'number' && v >= 0);
export const count: Rule = is(
  'a whole number of at least 1',
  (v) => Number.isSafeInteger(v) && (v as number) >= 1,
);
export const flag: Rule = is('true or false', (v) => typeof v === 'boolean');
export const text: Rule = is('a text', (v) => typeof v === 'string');
export const callback: Rule = is('a function', (v) => typeof v === 'function');
export const object: Rule = is('an object', isObject);
export const numbers: Rule = is('a list of finite numbers', (v) => isListThat(v, Number.isFinite));
export const float64: Rule = is('a Float64Array', (v) => pixelTypeOf(v) === 'float64');
export const pixels: Rule = is(
  'a typed array of a pixel type',
  (v) => pixelTypeOf(v) !== undefined,
);
/** Deepest nesting of JSON: more than any options need, less than any stack holds. */
const DEEPEST = 100;

const isJson = (value: unknown, depth = 0): boolean => {
  if (value === null || ['boolean', 'number', 'string', 'undefined'].includes(typeof value))
    return true;
  if (depth > DEEPEST || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((each) => isJson(each, depth + 1));
  const own = Object.getPrototypeOf(value);
  const isPlain = own === null || Object.getPrototypeOf(own) === null;
  return isPlain && Object.values(value).every((each) => isJson(each, depth + 1));
};

/** Plain data that is no circle; a field that is undefined counts as absent. */
export const json: Rule = is('plain JSON', (v) => isJson(v));

/** By its fields: a signal of another realm or library is one. */
export const signal: Rule = is(
  'an AbortSignal',
  (v) =>
    typeof v === 'object' &&
    v !== null &&
    'aborted' in v &&
    typeof v.aborted === 'boolean' &&
    'addEventListener' in v &&
    typeof v.addEventListener === 'function',
);

export const oneOf = (...words: readonly unknown[]): Rule =>
  is(words.length === 1 ? show(words[0]) : `one of ${words.join(', ')}`, (v) => words.includes(v));

export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? undefined : rule(value);

/** The first rule that is kept counts; the last one speaks. */
export const either =
  (first: Rule, second: Rule): Rule =>
  (value) =>
    first(value) === undefined ? undefined : second(value);

export const listOf =
  (rule: Rule): Rule =>
  (value) => {
    if (!Array.isArray(value)) return { at: '', reason: `is ${show(value)}, not a list` };
    for (let i = 0; i < value.length; i++) {
      const breach = rule(value[i]);
      if (breach !== undefined) return { ...breach, at: `[${i}]${breach.at}` };
    }
    return undefined;
  };

export type Rules = { readonly [field: string]: Rule };

/** An object with these fields; others are not looked at. */
export function having(rules: Rules): Rule {
  const fields = Object.entries(rules);
  return (value) => {
    if (!isObject(value)) return { at: '', reason: `is ${show(value)}, not an object` };
    for (const [field, rule] of fields) {
      const breach = rule(value[field]);
      if (breach !== undefined) return { ...breach, at: `.${field}${breach.at}` };
    }
    return undefined;
  };
}

/**
 * An object with these fields. Others are not looked at, since an object may well be more than what is asked of it, but
 * for those that are one slip away from a field that is absent: a misspelt option would do nothing, silently.
 */
export function record(rules: Rules): Rule {
  const fits = having(rules);
  const names = Object.keys(rules);
  return (value) => {
    const breach = fits(value);
    if (breach !== undefined) return breach;
    for (const field of Object.keys(value as object)) {
      if (Object.hasOwn(rules, field)) continue;
      const meant = names.find(
        (name) => !Object.hasOwn(value as object, name) && isSlip(field, name),
      );
      if (meant !== undefined)
        return { at: `.${field}`, reason: `is not known; did you mean "${meant}"?` };
    }
    return undefined;
  };
}
