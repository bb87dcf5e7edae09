import type { Permissions } from '@voxhost/sdk';

/** How a process is started: data, so that what a plugin may do can be read in a test. */
export interface LaunchPlan {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** `descriptor`: the protocol is on descriptors 3 (to read) and 4 (to write). `stdio`: on standard input and output. */
  readonly stream: 'descriptor' | 'stdio';
  /** Hold the far end of a pipe by which the process's guard learns that the host is gone. */
  readonly lifeline: boolean;
}

/** What a plan depends on besides the plugin. */
export interface LaunchMachine {
  readonly platform: NodeJS.Platform;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly temporaryFolder: string;
  /** The Node program and the flag of its permission model. */
  readonly node: { readonly file: string; readonly permissionFlag: string };
  /** The bundle that a Node child runs; absent in a single executable, which is its own child. */
  readonly childFile?: string;
}

/** What a single executable is told on its command line to be a child. It takes no options of Node's there. */
export const EMBEDDED_CHILD = '__plugin';

export interface Launched {
  readonly type: 'esm' | 'node-addon' | 'exec';
  readonly root: string;
  /** Absolute path of the entry. */
  readonly path: string;
  readonly args: readonly string[];
  readonly permissions: Permissions;
  /** Packages of libraries that the user brings: folders that may be read. */
  readonly libraryFolders: readonly string[];
}

/** Marks every process that descends from one child; a daemon keeps it when it leaves the group. */
export const TREE_VARIABLE = 'VOXHOST_CHILD';

/** What every program may see: how to find programs, libraries, the temporary folder and the language. */
const BASE_ENVIRONMENT: readonly string[] = [
  ...['PATH', 'HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SYSTEMROOT', 'WINDIR', 'PATHEXT', 'USERPROFILE'],
];

/**
 * Ends the group when the lifeline (descriptor 3) closes, then becomes the program: the watcher runs beside it,
 * so that not even a program that never reads its input outlives the host. Without `--`: dash's kill knows none.
 */
const GUARD = '(read -r _ <&3; kill -9 -$$) </dev/null >/dev/null 2>&1 & exec "$@" 3<&-';

export function planLaunch(plugin: Launched, machine: LaunchMachine, treeMark: string): LaunchPlan {
  const env = environmentOf(plugin.permissions, machine, treeMark);
  if (plugin.type === 'exec') return planExec(plugin, machine, env);
  const { node, childFile } = machine;
  const flags = ['--no-warnings', '--enable-source-maps', ...permissionFlags(plugin, machine)];
  const plan = { file: node.file, stream: 'descriptor', lifeline: false } as const;
  if (childFile !== undefined) return { ...plan, args: [...flags, childFile], env };
  return { ...plan, args: [EMBEDDED_CHILD], env: { ...env, NODE_OPTIONS: asNodeOptions(flags) } };
}

/** Options as the variable NODE_OPTIONS has them: each in quotes, since a path may have blanks. */
const asNodeOptions = (flags: readonly string[]): string =>
  flags.map((flag) => `"${flag.replace(/["\\]/g, '\\$&')}"`).join(' ');

function planExec(
  { path, args }: Launched,
  { platform }: LaunchMachine,
  env: LaunchPlan['env'],
): LaunchPlan {
  if (platform === 'win32') return { file: path, args, env, stream: 'stdio', lifeline: false };
  const guarded = ['-c', GUARD, 'voxhost-guard', path, ...args];
  return { file: '/bin/sh', args: guarded, env, stream: 'stdio', lifeline: true };
}

function environmentOf(
  permissions: Permissions,
  { environment }: LaunchMachine,
  treeMark: string,
): LaunchPlan['env'] {
  const env: { [name: string]: string } = { [TREE_VARIABLE]: treeMark };
  for (const name of [...BASE_ENVIRONMENT, ...(permissions.env ?? [])]) {
    const value = environment[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** The permission model of Node: the plugin's folder may be read, the rest is what the manifest asks for. */
function permissionFlags(plugin: Launched, machine: LaunchMachine): readonly string[] {
  const { permissions, root, libraryFolders } = plugin;
  const { read = [], write = [] } = permissions.fs ?? {};
  const places = (list: readonly string[]) =>
    list.flatMap((place) => placeOf(place, plugin, machine));
  return [
    machine.node.permissionFlag,
    ...(machine.childFile === undefined ? [] : [`--allow-fs-read=${machine.childFile}`]),
    ...folderFlags('--allow-fs-read', [root, ...libraryFolders, ...places(read)]),
    ...folderFlags('--allow-fs-write', places(write)),
    '--allow-addons',
    '--allow-worker',
    ...(permissions.childProcess === true ? ['--allow-child-process'] : []),
  ];
}

/** Each folder once: Node 20 ends with a failed assertion where a path is given twice, or with and without `/*`. */
function folderFlags(flag: string, folders: readonly string[]): readonly string[] {
  const all = [...new Set(folders.map((folder) => folder.replace(/[/*]+$/, '')))];
  const outermost = all.filter(
    (folder) => !all.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );
  return outermost.map((folder) => `${flag}=${folder}/*`);
}

/** `$pluginDir`, `$tmp`, or an absolute path; anything else names nothing here. */
function placeOf(
  place: string,
  { root }: Launched,
  { temporaryFolder }: LaunchMachine,
): readonly string[] {
  if (place === '$pluginDir') return [root];
  if (place === '$tmp') return [temporaryFolder];
  return place.startsWith('$') ? [] : [place];
}
