import type { Json } from '@voxhost/sdk';
import { object, reading, requireArgument, show } from '@voxhost/sdk/arguments';
import type { Params } from '../lazy/transform.js';
import { type Checks, misfitIn } from './check-params.js';
import { bad } from './define.js';

/**
 * Parameters that keep their checks, those that are null left out, as in JSON. Throws `BAD_ARGUMENT` naming the first
 * that is not known, not what it should be, or missing.
 */
export function requireParams(
  params: Params,
  { checks, required }: { readonly checks: Checks; readonly required: readonly string[] },
): Params {
  requireArgument('params', params, object);
  return reading('params', () => {
    const given = Object.fromEntries(
      Object.entries(params).filter((entry) => entry[1] !== null && entry[1] !== undefined),
    ) as { readonly [name: string]: Json };
    const names = Object.keys(checks);
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(checks, name));
    if (unknown !== undefined) throw bad(unknown, `is not known; there are ${names.join(', ')}`);
    const missing = required.find((name) => names.includes(name) && !Object.hasOwn(given, name));
    if (missing !== undefined) throw bad(missing, 'is missing');
    const misfit = misfitIn(checks, given);
    if (misfit === undefined) return given;
    throw bad(misfit.name, `is ${show(given[misfit.name])}, not ${misfit.wanted}`);
  });
}
