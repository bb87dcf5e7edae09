import type { Json } from '@voxhost/sdk';
import { json as isJson, requireArgument, show } from '@voxhost/sdk/arguments';
import type { Overrides, Transform } from '../lazy/transform.js';
import { own } from '../own.js';
import { applyPending } from '../transforms/apply-pending.js';
import { CATALOGUE } from '../transforms/catalogue.js';
import { oneOf, randomOrder, someOf } from '../transforms/containers.js';
import { type ComposeOptions, compose, type Pipeline } from './compose.js';
import { parseKeyed } from './parse-keyed.js';
import {
  fail,
  fields,
  flag,
  isRecord,
  type JsonRecord,
  listOf,
  type Target,
  targetOf,
} from './parse-record.js';
import { resolveBundle } from './resolve-bundle.js';

/** What is done elsewhere before a pipeline starts, or has nothing left to do here. */
const NOTHING_TO_DO: readonly string[] = [
  'LoadImage',
  'EnsureChannelFirst',
  'AddChannel',
  'AsChannelFirst',
  'ToTensor',
  'Identity',
];

/** MONAI's makers of sampling grids take a size and no image; what does their work in a pipeline. */
const GRID_MAKERS: { readonly [name: string]: string | undefined } = {
  AffineGrid: 'Affine',
  RandAffineGrid: 'RandAffine',
  RandDeformGrid: 'Rand2DElastic',
};

/**
 * The pipeline of a PIPELINE.json: `{ transforms: [{ _target_, ...parameters }] }` with `lazy`, `overrides`,
 * `shapes` and `analyse`, a bare list, or a MONAI bundle's configuration with `preprocessing`. Dictionary
 * names (`Spacingd`) take `keys`. Throws `USAGE` naming the path of the first thing that is not supported.
 */
export function parsePipeline(json: Json, options: ComposeOptions = {}): Pipeline {
  requireArgument('json', json, isJson);
  if (Array.isArray(json)) return compose(parseList(json, ''), options);
  if (!isRecord(json)) throw fail('', 'is no pipeline: give { "transforms": [...] }');
  const preprocessing = preprocessingOf(json);
  if (preprocessing !== undefined)
    return parsePipeline(resolveBundle(preprocessing, json), options);
  const allowed = ['_target_', 'transforms', 'lazy', 'overrides', 'shapes', 'analyse', ...IGNORED];
  fields(json, allowed, '');
  if (json['_target_'] !== undefined && targetOf(json, '').name !== 'Compose') {
    throw fail('_target_', `"${String(json['_target_'])}" is not Compose`);
  }
  return compose(parseList(listOf(json, 'transforms', ''), 'transforms'), {
    ...composeOptions(json),
    ...options,
  });
}

/** Of a bundle's inference, or of its training. */
function preprocessingOf(json: JsonRecord): Json | undefined {
  const { preprocessing, train } = json;
  return preprocessing ?? (isRecord(train) ? train['preprocessing'] : undefined);
}

/** Parameters of Compose that say how MONAI works through lists, logs or unpacks. */
const IGNORED = ['map_items', 'unpack_items', 'log_stats', 'progress', '_meta_'] as const;

function composeOptions(json: JsonRecord): ComposeOptions {
  const { lazy, overrides, shapes, analyse } = json;
  const optional = <T>(name: string, value: Json | undefined, names: readonly T[]): void => {
    if (value === undefined || names.includes(value as T)) return;
    throw fail(name, `is ${show(value)}, not ${names.map(String).join(' or ')}`);
  };
  optional('lazy', lazy, [true, false, null]);
  optional('shapes', shapes, ['real', 'monai']);
  optional('analyse', analyse, ['discard', 'keep']);
  return {
    ...(lazy !== undefined && { lazy: lazy as boolean | null }),
    ...(isRecord(overrides) && { overrides: overrides as Overrides }),
    ...(shapes !== undefined && { shapes: shapes as 'real' | 'monai' }),
    ...(analyse !== undefined && { analyse: analyse as 'discard' | 'keep' }),
  };
}

export const parseList = (list: readonly Json[], path: string): readonly Transform[] =>
  list.flatMap((json, i) => parseTransform(json, path === '' ? `${i}` : `${path}.${i}`));

function parseTransform(json: Json, path: string): readonly Transform[] {
  if (!isRecord(json)) throw fail(path, 'is no transform: give { "_target_": ... }');
  if (json['_disabled_'] === true) return [];
  const target = targetOf(json, path);
  if (NOTHING_TO_DO.includes(target.name)) return [];
  const container = own(CONTAINERS, target.name);
  if (container !== undefined) return [container(json, path)];
  if (target.name === 'ApplyPending') return [applyPending(keysOf(json, path))];
  const row = own(CATALOGUE, target.name);
  if (row === undefined) throw fail(`${path}._target_`, notSupported(target));
  return [parseKeyed(json, { row, target, path })];
}

function notSupported({ written, name }: Target): string {
  const instead = own(GRID_MAKERS, name);
  if (instead === undefined) return `"${written}" is not supported`;
  return `"${written}" makes a sampling grid, not an image; take ${instead}`;
}

type ContainerParser = (json: JsonRecord, path: string) => Transform;

const CONTAINERS: { readonly [name: string]: ContainerParser | undefined } = {
  Compose: (json, path) => {
    fields(json, ['_target_', 'transforms', 'lazy', 'overrides', ...IGNORED], path);
    return compose(insideOf(json, path), composeOptions(json));
  },
  OneOf: (json, path) => {
    fields(json, ['_target_', 'transforms', 'weights', 'lazy', 'overrides', ...IGNORED], path);
    return oneOf(
      insideOf(json, path),
      json['weights'] as number[] | undefined,
      composeOptions(json),
    );
  },
  SomeOf: (json, path) => {
    const own = ['num_transforms', 'replace', 'weights'];
    fields(json, ['_target_', 'transforms', 'lazy', 'overrides', ...own, ...IGNORED], path);
    return someOf(insideOf(json, path), {
      ...composeOptions(json),
      num_transforms: (json['num_transforms'] ?? null) as number | null,
      replace: flag(json, 'replace', path) ?? false,
      weights: (json['weights'] ?? null) as number[] | null,
    });
  },
  RandomOrder: (json, path) => {
    fields(json, ['_target_', 'transforms', 'lazy', 'overrides', ...IGNORED], path);
    return randomOrder(insideOf(json, path), composeOptions(json));
  },
};

const insideOf = (json: JsonRecord, path: string): readonly Transform[] =>
  parseList(listOf(json, 'transforms', path), `${path}.transforms`);

function keysOf(json: JsonRecord, path: string): readonly string[] | undefined {
  const { keys } = json;
  if (keys === undefined) return undefined;
  if (typeof keys === 'string') return [keys];
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys as string[];
  throw fail(`${path}.keys`, 'is no name or list of names');
}
