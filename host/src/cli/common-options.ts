import { type Command, Option } from 'commander';
import { collect, parseChoice, parseCount, parseNames } from './numbers.js';

/** What every command takes. */
export interface CommonOptions {
  /** Names or ids; one is required, several are an order of preference. */
  readonly backend?: readonly string[];
  readonly fallback?: 'allow' | 'never';
  /** Most threads that a backend may use; absent: as many as the machine has. */
  readonly threads?: number;
  /** One object on stdout instead of text. */
  readonly json?: true;
  /** Errors only. */
  readonly quiet?: true;
  /** Folders of manifests, searched before all others. */
  readonly pluginPath?: readonly string[];
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
    new Option('--threads <n>', 'most threads a backend may use').argParser(parseCount),
    new Option('--json', 'one JSON object on stdout'),
    new Option('--quiet', 'print errors only'),
    new Option('--plugin-path <dir>', 'search this folder for plugins first; repeatable').argParser(
      collect,
    ),
    new Option('--project <dir>', 'folder whose package.json names npm plugins'),
  ];
  for (const option of options) program.addOption(option);
}
