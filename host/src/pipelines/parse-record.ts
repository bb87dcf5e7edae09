import type { Json } from '@voxhost/sdk';
import { HostError } from '../errors.js';

export type JsonRecord = { readonly [key: string]: Json };

export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong, and where: a path of names and numbers with dots. */
export const fail = (path: string, reason: string): HostError =>
  new HostError('USAGE', { reason: `pipeline${path === '' ? '' : ` at ${path}`}: ${reason}` });

/** Refuses a name that is not among these. */
export function fields(json: JsonRecord, allowed: readonly string[], path: string): void {
  const unknown = Object.keys(json).find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  throw fail(join(path, unknown), `is not supported; there are ${allowed.join(', ')}`);
}

export function listOf(json: JsonRecord, name: string, path: string): readonly Json[] {
  const list = json[name];
  if (Array.isArray(list)) return list;
  throw fail(join(path, name), 'is no list');
}

export function flag(json: JsonRecord, name: string, path: string): boolean | undefined {
  const value = json[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw fail(join(path, name), 'is neither true nor false');
}

export const join = (path: string, name: string): string =>
  path === '' ? name : `${path}.${name}`;

/** A transform's name as it is written, and as the catalogue has it. */
export interface Target {
  readonly written: string;
  readonly name: string;
  /** A dictionary's form: `Spacingd`, `SpacingD` or `SpacingDict`. */
  readonly keyed: boolean;
}

export function targetOf(json: JsonRecord, path: string): Target {
  const written = json['_target_'];
  if (typeof written !== 'string') throw fail(join(path, '_target_'), 'is missing');
  const short = written.split('.').at(-1) ?? written;
  const keyed = /(?<=[a-z0-9])(d|D|Dict)$/.test(short) && !NOT_KEYED.includes(short);
  return { written, name: keyed ? short.replace(/(d|D|Dict)$/, '') : short, keyed };
}

/** Names that end as a dictionary's form would. */
const NOT_KEYED: readonly string[] = [
  'SpatialPad',
  'BorderPad',
  'DivisiblePad',
  'CropForeground',
  'AffineGrid',
  'RandAffineGrid',
  'RandDeformGrid',
];
