import type { Json } from '@voxhost/sdk';
import type { Params, Transform } from '../lazy/transform.js';
import type { CatalogueRow } from '../transforms/catalogue/row.js';
import { misfitIn } from '../transforms/check-params.js';
import { fail, flag, type JsonRecord, join, type Target } from './parse-record.js';

interface Parsing {
  readonly row: CatalogueRow;
  readonly target: Target;
  readonly path: string;
}

/** Parameters of every transform or of every dictionary form, not its own. */
const COMMON: readonly string[] = [
  '_target_',
  'keys',
  'lazy',
  'allow_missing_keys',
  '_meta_',
  '_desc_',
  '_disabled_',
  '_requires_',
];

/** What a dictionary form adds and nothing here needs: names of metadata. */
const METADATA: readonly string[] = [
  'meta_keys',
  'meta_key_postfix',
  'start_coord_key',
  'end_coord_key',
  'fg_indices_key',
  'bg_indices_key',
  'indices_key',
];

/** A transform of the catalogue, with what its entries have of their own. Throws `USAGE`. */
export function parseKeyed(json: JsonRecord, parsing: Parsing): Transform {
  const { row, target, path } = parsing;
  const keys = target.keyed ? keysOf(json, path) : undefined;
  const own = parametersOf(json, parsing);
  requireAll(own, row.required, path);
  const sources = row.sources.flatMap((name) => sourceOf(own, name, path));
  const params = without(own, row.sources);
  const lazy = flag(json, 'lazy', path);
  const paramsOf = (key: number): Params => eachOf(params, keys, key);
  const create = (index: number): Transform => {
    const checked = paramsOf(index);
    check(checked, parsing);
    return guarded(() => row.create(checked, sources), path);
  };
  return {
    ...create(0),
    ...(keys && { keys, ...perKeyOf(keys, create, paramsOf) }),
    ...(lazy !== undefined && { lazy }),
  } as Transform;
}

function keysOf(json: JsonRecord, path: string): readonly string[] {
  const { keys } = json;
  if (typeof keys === 'string') return [keys];
  const names = Array.isArray(keys) && keys.every((key) => typeof key === 'string');
  if (names && (keys as string[]).length > 0) return keys as string[];
  throw fail(join(path, 'keys'), 'is no name or list of names');
}

/** Names that this transform knows; null is as if it were left out. */
function parametersOf(json: JsonRecord, { row, target, path }: Parsing): Params {
  const own = Object.entries(json).filter(
    ([name, value]) => !COMMON.includes(name) && !METADATA.includes(name) && value !== null,
  );
  const unknown = own.find(
    ([name]) => !Object.hasOwn(row.checks, name) && !row.sources.includes(name),
  );
  if (unknown !== undefined) {
    const reason = `is not supported for ${target.written}`;
    throw fail(join(path, unknown[0]), reason);
  }
  return Object.fromEntries(own.map(([name, value]) => [name, truthOf(value)]));
}

/** Bundles write truth as Python's text now and then. */
function truthOf(value: Json): Json {
  if (value === 'True') return true;
  return value === 'False' ? false : value;
}

function requireAll(params: Params, required: readonly string[], path: string): void {
  const missing = required.find((name) => params[name] === undefined);
  if (missing !== undefined) throw fail(join(path, missing), 'is missing');
}

function sourceOf(params: Params, name: string, path: string): readonly string[] {
  const value = params[name];
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  throw fail(join(path, name), 'is no name');
}

const without = (params: Params, names: readonly string[]): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));

/** Parameters that MONAI lets every key have its own of. */
const PER_KEY: readonly string[] = ['mode', 'padding_mode', 'align_corners', 'dtype', 'value'];

/** The parameters of one key: a list of modes has one for each. */
function eachOf(params: Params, keys: readonly string[] | undefined, index: number): Params {
  if (keys === undefined) return params;
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (!PER_KEY.includes(name) || !Array.isArray(value)) return [name, value];
      return [name, (value[index] ?? value[value.length - 1]) as Json];
    }),
  );
}

function perKeyOf(
  keys: readonly string[],
  create: (index: number) => Transform,
  paramsOf: (index: number) => Params,
): { readonly perKey?: { readonly [key: string]: Transform | Params } } {
  const differ = keys.some((_, i) => JSON.stringify(paramsOf(i)) !== JSON.stringify(paramsOf(0)));
  if (!differ) return {};
  const { kind } = create(0);
  if (kind !== 'defined' && kind !== 'random' && kind !== 'matching') return {};
  const perKey = keys.map((key, i): readonly [string, Transform | Params] => [
    key,
    kind === 'random' ? paramsOf(i) : create(i),
  ]);
  return { perKey: Object.fromEntries(perKey) };
}

function check(params: Params, { row, target, path }: Parsing): void {
  const misfit = misfitIn(row.checks, params);
  if (misfit === undefined) return;
  const { name, wanted } = misfit;
  const found = JSON.stringify(params[name]);
  throw fail(join(path, name), `of ${target.written} is ${found}, not ${wanted}`);
}

/** An error of a transform with the path of its line. */
function guarded<T>(create: () => T, path: string): T {
  try {
    return create();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(fail(path, message), { cause });
  }
}
