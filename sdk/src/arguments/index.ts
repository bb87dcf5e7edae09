/**
 * What arguments must be, as data, for callers who have no types: one rule per field, one error for all.
 *
 * @module
 */

export { show } from '../show.js';
export type { Breach, Rule, Rules } from './rule.js';
export {
  amount,
  callback,
  count,
  either,
  finite,
  flag,
  float64,
  having,
  is,
  isDetached,
  isListThat,
  isObject,
  json,
  limit,
  listOf,
  number,
  numbers,
  object,
  oneOf,
  optional,
  pixels,
  positive,
  reading,
  record,
  requireArgument,
  signal,
  text,
  without,
} from './rule.js';
