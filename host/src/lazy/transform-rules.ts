import {
  callback,
  finite,
  flag,
  having,
  isObject,
  listOf,
  object,
  oneOf,
  optional,
  type Rule,
  text,
} from '@voxhost/sdk/arguments';
import type { RulesOf } from '../request-rules.js';
import type { Overrides, Transform } from './transform.js';

const NAMED = { name: text, params: object, keys: optional(listOf(text)) };

/** What transforms of each kind are used by; the parameters of each are checked where it is made. */
const KINDS: { readonly [K in Transform['kind']]: Rule } = {
  defined: having({ ...NAMED, define: callback }),
  random: having({ ...NAMED, draw: callback }),
  analysing: having({ ...NAMED, analyse: callback }),
  matching: having({ ...NAMED, match: callback }),
  samples: having({ ...NAMED, draw: callback, sources: listOf(text) }),
  container: having({ ...NAMED, pick: callback, transforms: listOf(object) }),
  'apply-pending': having(NAMED),
};
const kinded = having({ kind: oneOf(...Object.keys(KINDS)) });

export const TRANSFORMS: Rule = listOf(
  (value) => kinded(value) ?? KINDS[(value as Transform).kind](value),
);

/** One value, or one per key. */
const perKey =
  (rule: Rule): Rule =>
  (value) => {
    if (!isObject(value)) return rule(value);
    for (const [key, own] of Object.entries(value)) {
      const breach = rule(own);
      if (breach !== undefined) return { ...breach, at: `.${key}${breach.at}` };
    }
    return undefined;
  };

const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? undefined : rule(value);

const nameOrOrder: Rule = (value) => (typeof value === 'number' ? finite(value) : text(value));

/** Their names have an error of their own. */
export const OVERRIDES: Rule = having({
  mode: optional(perKey(nameOrOrder)),
  padding_mode: optional(perKey(text)),
  align_corners: optional(perKey(orNull(flag))),
  dtype: optional(perKey(text)),
  resample_mode: optional(perKey(text)),
} satisfies RulesOf<Overrides>);

/** Of every container. */
export const CONTAINER = { lazy: optional(orNull(flag)), overrides: optional(OVERRIDES) };
