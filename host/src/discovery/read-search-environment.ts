import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placesOf } from './platform-places.js';
import {
  mergeSettings,
  type RawPluginSettings,
  type SettingName,
  type SettingsSource,
} from './plugin-settings.js';
import { readPluginConfiguration } from './read-plugin-configuration.js';
import type { SearchEnvironment } from './search-layers.js';

/** What the user may say of where plugins are. */
export interface SearchSettings {
  /** What flags say; relative paths are taken from the current directory. */
  readonly flags?: RawPluginSettings;
  /** What the program says that uses the host; relative paths as with flags. */
  readonly api?: RawPluginSettings;
  /** The lock file. */
  readonly lock?: string;
  /** Folder of the project whose package.json names plugins. */
  readonly project?: string;
  /** Folder of the embedded plugins, in a single executable. */
  readonly assets?: string;
}

/** Reads what the search depends on: this process, its package, its variables, the configuration, the given settings. */
export function readSearchEnvironment(given: SearchSettings = {}): SearchEnvironment {
  const { platform, env } = process;
  const elevated = isElevated();
  const here = { platform, env, home: homedir() };
  const configured = readPluginConfiguration(placesOf(here).config);
  const sources = [
    ...(elevated ? [] : [environmentSource(env), configured]),
    flagSource(given.flags ?? {}),
    apiSource(given.api ?? {}),
  ];
  const hostPackage = readHostPackage();
  return {
    ...here,
    elevated,
    settings: mergeSettings(sources, platform),
    ...(given.lock === undefined ? {} : { lock: resolve(given.lock) }),
    ...(given.project === undefined ? {} : { project: resolve(given.project) }),
    ...(hostPackage === undefined ? {} : { hostPackage }),
    ...(given.assets === undefined ? {} : { assets: given.assets }),
  };
}

const VARIABLES: { readonly [N in SettingName]: string } = {
  only: 'VOXHOST_PLUGIN_FILES',
  add: 'VOXHOST_ADD_PLUGIN_PATH',
  select: 'VOXHOST_PLUGIN_SELECT',
  disable: 'VOXHOST_PLUGIN_DISABLE',
};

function environmentSource(env: NodeJS.ProcessEnv): SettingsSource {
  const { only, add, select, disable } = VARIABLES;
  return {
    kind: 'environment',
    values: {
      only: env[only] ?? '',
      add: env[add] ?? '',
      select: env[select] ?? '',
      disable: env[disable] ?? '',
    },
    origin: (name) => VARIABLES[name],
  };
}

/** The user typed these in a shell, where relative paths mean the current directory. */
const flagSource = (values: RawPluginSettings): SettingsSource => ({
  kind: 'flag',
  values,
  origin: (name) => (name === 'add' ? '--plugin-path' : `--plugin-${name}`),
  base: process.cwd(),
});

const apiSource = (values: RawPluginSettings): SettingsSource => ({
  kind: 'api',
  values,
  origin: (name) => `createHost({ ${API_NAMES[name]} })`,
  base: process.cwd(),
});

const API_NAMES: { readonly [N in SettingName]: string } = {
  only: "pluginPaths, pluginMode: 'only'",
  add: 'pluginPaths',
  select: 'pluginSelect',
  disable: 'pluginDisable',
};

/** Rights beyond the user's own: a set-user-id process, or an administrator's token, which alone may read that folder. */
function isElevated(): boolean {
  if (process.platform !== 'win32') return process.getuid?.() !== process.geteuid?.();
  try {
    accessSync(
      join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'config'),
      constants.R_OK,
    );
    return true;
  } catch {
    return false;
  }
}

/** Real path of the folder of the host's package.json; undefined in a single executable. */
function readHostPackage(): string | undefined {
  const { url } = import.meta;
  if (url === undefined || !url.startsWith('file:')) return undefined;
  let folder = dirname(fileURLToPath(url));
  while (!isHostPackage(folder)) {
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return realpathSync(folder);
}

function isHostPackage(folder: string): boolean {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return false;
  return (JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown }).name === 'voxhost';
}
