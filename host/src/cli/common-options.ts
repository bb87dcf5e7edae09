import { type Command, Option } from 'commander';
import type { RawPluginSettings } from '../discovery/plugin-settings.js';
import { collect, parseChoice, parseCount, parseNames } from './numbers.js';

/** What every command takes. */
export interface CommonOptions {
  /** Names or ids; one is required, several are an order of preference. */
  readonly backend?: readonly string[];
  readonly fallback?: 'allow' | 'never';
  /** Only backends of which the same call gives the same bits. */
  readonly deterministic?: true;
  /** Most threads that a backend may use; absent: as many as the machine has. */
  readonly threads?: number;
  /** One object on stdout instead of text. */
  readonly json?: true;
  /** Errors only. */
  readonly quiet?: true;
  /** Folders of manifests, searched before all others. */
  readonly pluginPath?: readonly string[];
  /** Folders of manifests, and nothing else. */
  readonly pluginOnly?: readonly string[];
  /** Patterns on ids, separated by commas. */
  readonly pluginSelect?: string;
  readonly pluginDisable?: string;
  /** File whose pins go first. */
  readonly lock?: string;
  /** Folder whose package.json names npm plugins. */
  readonly project?: string;
}

/** Declared on the program, so that they may stand anywhere on the line. */
export function addCommonOptions(program: Command): void {
  const options = [
    new Option(
      '--backend <name,...>',
      'required backend, or several in order of preference',
    ).argParser(parseNames),
    new Option('--fallback <allow|never>', 'may others serve when the named cannot').argParser(
      parseChoice(['allow', 'never']),
    ),
    new Option('--deterministic', 'only backends that give the same bits every time'),
    new Option('--threads <n>', 'most threads a backend may use').argParser(parseCount),
    new Option('--json', 'one JSON object on stdout'),
    new Option('--quiet', 'print errors only'),
    new Option('--plugin-path <dir>', 'search this folder for plugins first; repeatable').argParser(
      collect,
    ),
    new Option('--plugin-only <dir>', 'search this folder and nothing else; repeatable').argParser(
      collect,
    ),
    new Option('--plugin-select <id,...>', 'use only these plugins: id, id*, *id, *id*'),
    new Option('--plugin-disable <id,...>', 'use none of these plugins, unless selected'),
    new Option('--lock <file>', 'prefer the versions that this file pins; search its folder'),
    new Option('--project <dir>', 'folder whose package.json names npm plugins'),
  ];
  for (const option of options) program.addOption(option);
}

/** What the flags say of plugins, in the grammar of all settings. */
export const flagsOf = (options: CommonOptions): RawPluginSettings => ({
  ...(options.pluginOnly && { only: options.pluginOnly }),
  ...(options.pluginPath && { add: options.pluginPath }),
  ...(options.pluginSelect !== undefined && { select: options.pluginSelect }),
  ...(options.pluginDisable !== undefined && { disable: options.pluginDisable }),
});
