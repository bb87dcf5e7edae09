import { type IdPattern, parseIdPattern } from '../compatibility/id-pattern.js';
import { isAbsoluteFor, joinFor } from './platform-places.js';

/**
 * What may be said of plugins, in one grammar everywhere: environment, configuration, flags and API.
 * A text is a list: of paths with the platform's separator (`:` or `;`), of patterns with commas.
 */
export interface RawPluginSettings {
  /** Only these manifests and folders, and the built-in reference. */
  readonly only?: string | readonly string[];
  /** These too, before the usual places. */
  readonly add?: string | readonly string[];
  /** Only plugins whose id matches. Beats `disable`. */
  readonly select?: string | readonly string[];
  /** No plugin whose id matches. */
  readonly disable?: string | readonly string[];
}

export type SettingName = keyof RawPluginSettings;

export const SETTING_NAMES: readonly SettingName[] = ['only', 'add', 'select', 'disable'];

/** Where settings come from: `VOXHOST_...`, a configuration file, the command line, the API. */
export interface SettingsSource {
  readonly kind: 'environment' | 'configuration' | 'flag' | 'api';
  readonly values: RawPluginSettings;
  /** Name of each value's origin, for messages: a variable, a file, a flag. */
  readonly origin: (name: SettingName) => string;
  /** Folder that relative paths start from; absent: they are refused, since the current directory is never searched. */
  readonly base?: string;
  /** Why its values could not be read, where they could not. */
  readonly problem?: string;
}

/** One path that a setting names. */
export interface NamedPath {
  readonly path: string;
  readonly origin: string;
  /** 1 for flags and API, 2 for environment and configuration. */
  readonly layer: 1 | 2;
}

/** A value with its origin, and those that it overrides, the strongest first. */
export interface Explained<T> {
  readonly value: T;
  readonly origin: string;
  readonly overridden: readonly { readonly value: string; readonly origin: string }[];
}

export interface PluginSettings {
  /** Undefined: the usual places are searched. */
  readonly only?: Explained<readonly NamedPath[]>;
  /** Of all origins together, the strongest first. */
  readonly add: readonly NamedPath[];
  readonly select?: Explained<readonly IdPattern[]>;
  readonly disable?: Explained<readonly IdPattern[]>;
  /** What could not be understood, each with its origin. */
  readonly notes: readonly string[];
}

/**
 * Merges settings. Pure.
 *
 * @param sources - the weakest first: environment, configuration, flags, API. Of `only`, `select` and `disable` the
 *   strongest counts; `add` is all of them
 */
export function mergeSettings(
  sources: readonly SettingsSource[],
  platform: string,
): PluginSettings {
  const notes = sources.flatMap(({ problem }) => problem ?? []);
  const strongest = [...sources].reverse();
  const paths = (source: SettingsSource, name: 'only' | 'add') =>
    parsePaths(source, name, { platform, notes });
  const only = explained(strongest, 'only', (source) => paths(source, 'only'));
  const select = explained(strongest, 'select', (source) => parsePatterns(source, 'select', notes));
  const disable = explained(strongest, 'disable', (source) =>
    parsePatterns(source, 'disable', notes),
  );
  return {
    ...(only === undefined ? {} : { only }),
    add: strongest.flatMap((source) => paths(source, 'add')),
    ...(select === undefined ? {} : { select }),
    ...(disable === undefined ? {} : { disable }),
    notes,
  };
}

function explained<T>(
  strongest: readonly SettingsSource[],
  name: SettingName,
  parse: (source: SettingsSource) => T,
): Explained<T> | undefined {
  const [first, ...rest] = strongest.filter(({ values }) => isGiven(values[name]));
  if (first === undefined) return undefined;
  const overridden = rest.map((source) => ({
    value: textOf(source.values[name]),
    origin: source.origin(name),
  }));
  return { value: parse(first), origin: first.origin(name), overridden };
}

/** An empty text says nothing, as a variable that is set to nothing; an empty list says that there is none. */
const isGiven = (value: string | readonly string[] | undefined): boolean =>
  value !== undefined && value !== '';

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : (value ?? []).join(', ');

interface Parsing {
  readonly platform: string;
  readonly notes: string[];
}

function parsePaths(
  source: SettingsSource,
  name: 'only' | 'add',
  { platform, notes }: Parsing,
): readonly NamedPath[] {
  const value = source.values[name] ?? [];
  const separator = platform === 'win32' ? ';' : ':';
  const entries = typeof value === 'string' ? value.split(separator) : value;
  const origin = source.origin(name);
  const layer = source.kind === 'flag' || source.kind === 'api' ? 1 : 2;
  return entries.flatMap((entry) => {
    if (entry === '') return [];
    if (isAbsoluteFor(platform, entry)) return [{ path: entry, origin, layer }];
    if (source.base !== undefined && !entry.startsWith('~'))
      return [{ path: joinFor(platform, source.base, entry), origin, layer }];
    notes.push(`${origin} has "${entry}", which is no absolute path; it is ignored`);
    return [];
  });
}

function parsePatterns(
  source: SettingsSource,
  name: 'select' | 'disable',
  notes: string[],
): readonly IdPattern[] {
  const value = source.values[name] ?? [];
  const entries = typeof value === 'string' ? value.split(',') : value;
  return entries.flatMap((entry) => {
    if (entry.trim() === '') return [];
    const pattern = parseIdPattern(entry);
    if (pattern !== undefined) return [pattern];
    notes.push(
      `${source.origin(name)} has "${entry}", which is no pattern; use id, id*, *id or *id*`,
    );
    return [];
  });
}

/** One line for `plugins config --explain`. */
export interface SettingLine {
  readonly name: SettingName;
  readonly value: readonly string[];
  readonly origin: string;
  readonly overridden: readonly { readonly value: string; readonly origin: string }[];
}

/** Every setting that is given, with its origin and what it overrides. */
export function explainSettings(settings: PluginSettings): readonly SettingLine[] {
  const { only, add, select, disable } = settings;
  const paths = (value: readonly NamedPath[]) => value.map(({ path }) => path);
  const patterns = (value: readonly IdPattern[]) => value.map(({ text }) => text.trim());
  const origins = [...new Set(add.map(({ origin }) => origin))];
  return [
    ...(only === undefined ? [] : [{ ...only, name: 'only' as const, value: paths(only.value) }]),
    ...origins.map((origin) => ({
      name: 'add' as const,
      value: paths(add.filter((each) => each.origin === origin)),
      origin,
      overridden: [],
    })),
    ...(select === undefined
      ? []
      : [{ ...select, name: 'select' as const, value: patterns(select.value) }]),
    ...(disable === undefined
      ? []
      : [{ ...disable, name: 'disable' as const, value: patterns(disable.value) }]),
  ];
}
