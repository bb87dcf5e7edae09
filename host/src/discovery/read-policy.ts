import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import { DEFAULT_POLICY, type Policy, type Quarantine } from '../compatibility/policy.js';
import { placesOf } from './platform-places.js';
import type { SearchEnvironment } from './search-layers.js';

/** File in the state folder that holds what the user decided about plugins by their ids. */
export const PLUGIN_STATE = 'plugins.json';

/**
 * The policy of this user on this machine: filters of the settings, `plugins` of the configuration (`licences`,
 * `signatures`, `trustedKeys`), and what `plugins enable`, `disable`, `trust` and the quarantine keep in the state folder.
 */
export function readPolicy(environment: SearchEnvironment): Policy {
  const { config, state } = placesOf(environment);
  const configured = recordAt(readJson(join(config, 'config.json')), 'plugins');
  const kept = readJson(join(state, PLUGIN_STATE));
  const { select, disable } = environment.settings;
  const licences = textsAt(configured, 'licences');
  const owners = readTrustedOwners(environment);
  return {
    ...DEFAULT_POLICY,
    ...(select === undefined ? {} : { select }),
    ...(disable === undefined ? {} : { disable }),
    disabled: textsAt(kept, 'disabled') ?? [],
    quarantined: entriesAt(kept, 'quarantined', isQuarantine),
    trusted: entriesAt(kept, 'trusted', isText),
    ...(licences === undefined ? {} : { licences }),
    signatures: configured['signatures'] === 'verified' ? 'verified' : 'any',
    trustedKeys: textsAt(configured, 'trustedKeys') ?? [],
    ...(owners === undefined ? {} : { trustedOwners: owners }),
    now: Date.now(),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** A file that is missing or damaged decides nothing; the host must start without it. */
function readJson(path: string): Fields {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const recordAt = (fields: Fields, name: string): Fields => {
  const value = fields[name];
  return isRecord(value) ? value : {};
};

const isText = (value: unknown): value is string => typeof value === 'string';

function textsAt(fields: Fields, name: string): readonly string[] | undefined {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isText) : undefined;
}

const entriesAt = <T>(
  fields: Fields,
  name: string,
  is: (value: unknown) => value is T,
): Readonly<Record<string, T>> =>
  Object.fromEntries(
    Object.entries(recordAt(fields, name)).flatMap(([id, value]) =>
      is(value) ? [[id, value]] : [],
    ),
  );

const isQuarantine = (value: unknown): value is Quarantine =>
  isRecord(value) &&
  isText(value['fingerprint']) &&
  isText(value['reason']) &&
  isTime(value['until']);

/** Milliseconds since 1970 that a Date can hold. */
const isTime = (value: unknown): boolean =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

/** Root, this user, and whoever owns the host's own files; undefined on systems whose files have no such owner. */
function readTrustedOwners({ hostPackage }: SearchEnvironment): readonly number[] | undefined {
  if (process.getuid === undefined) return undefined;
  const own = statSync(hostPackage ?? process.execPath).uid;
  return [...new Set([process.getuid(), 0, own])];
}
