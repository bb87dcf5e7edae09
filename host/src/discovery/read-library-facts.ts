import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { LibraryRequirement, Target } from '@voxhost/sdk';
import { isRecord } from '../compatibility/check-shape.js';
import type { LibraryCopy, LibraryFacts } from '../compatibility/library-facts.js';
import type { MachineFacts } from '../compatibility/machine-facts.js';
import { readRealPath } from '../files/read-real-path.js';

/** What a required library is looked for with. */
export interface LibrarySearch {
  readonly root: string;
  readonly target: Target;
  readonly machine: MachineFacts;
  readonly libraryFolders: readonly string[];
}

/** Finds a required library and what its own files tell of its version. Loads nothing. */
export function readLibraryFacts(library: LibraryRequirement, search: LibrarySearch): LibraryFacts {
  const { kind = 'shared', source } = library;
  if (source === 'bundled') return readBundled(library, search);
  if (kind === 'npm') return readNpm(library, search.libraryFolders);
  return source === 'user' ? readUserFolder(library) : readSystem(library, search);
}

const fileOf = ({ soname, name }: LibraryRequirement): string => soname ?? name;

function readBundled(library: LibraryRequirement, { root, target }: LibrarySearch): LibraryFacts {
  const { files = [], entry } = target;
  const beside = entry.path.includes('/') ? `${entry.path.replace(/\/[^/]*$/, '')}/` : '';
  const paths = [...files.map(({ path }) => path), `${beside}${fileOf(library)}`]
    .filter((path) => path.split('/').at(-1) === fileOf(library))
    .map((path) => join(root, path));
  const copies = [...new Set(paths)].filter(existsSync).map((path) => ({ path }));
  return { copies: copies.slice(0, 1), searched: [root] };
}

/** Where Node.js would find it from each folder; its package.json is read as a file, since `exports` may hide it. */
function readNpm({ name, env }: LibraryRequirement, folders: readonly string[]): LibraryFacts {
  const own = env === undefined ? undefined : process.env[env];
  const starts = own === undefined || own === '' ? folders : [own, ...folders];
  const searched = starts.flatMap(
    (start) => createRequire(join(start, 'from-here.js')).resolve.paths(name) ?? [],
  );
  const copies = new Map<string, LibraryCopy>();
  for (const folder of searched) {
    const path = readRealPath(join(folder, name));
    const version = path === undefined ? undefined : readPackageVersion(path);
    if (path !== undefined && version !== undefined) copies.set(path, { path, version });
  }
  return { copies: [...copies.values()], searched: [...new Set(starts)] };
}

function readPackageVersion(folder: string): string | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const version = isRecord(content) ? content['version'] : undefined;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that the user has unpacked somewhere, and names by a variable. */
function readUserFolder(library: LibraryRequirement): LibraryFacts {
  const { env } = library;
  const folder = env === undefined ? undefined : process.env[env];
  if (env === undefined || folder === undefined || folder === '')
    return { copies: [], searched: env === undefined ? [] : [`${env}, which is not set`] };
  const searched = [`${env}=${folder}`];
  if (!existsSync(folder)) return { copies: [], searched };
  const { soname } = library;
  const holders = ['', 'lib', 'lib64', 'bin'].map((below) => join(folder, below, soname ?? ''));
  const path = soname === undefined ? folder : holders.find(existsSync);
  if (path === undefined) return { copies: [], searched };
  return { copies: [{ path, ...(readBuildVersion(folder) ?? versionOfFile(path)) }], searched };
}

/**
 * LibTorch keeps `2.6.0+cu126` in `build-version`, and its C++ ABI in the flags of its CMake package; other libraries
 * have a plain number in `VERSION` or `version.txt`.
 */
function readBuildVersion(folder: string): { version: string; build?: string } | undefined {
  for (const name of ['build-version', 'VERSION', 'version.txt']) {
    const found = /(\d+(?:\.\d+)+)(?:\+([\w.]+))?/.exec(readShort(join(folder, name)));
    const [, version, local] = found ?? [];
    if (version === undefined) continue;
    const abi = readCxxAbi(folder);
    const build = [local, abi].filter((part) => part !== undefined).join('-');
    return build === '' ? { version } : { version, build };
  }
  return undefined;
}

function readCxxAbi(folder: string): 'cxx11abi' | 'precxx11abi' | undefined {
  const text = readShort(join(folder, 'share/cmake/Torch/TorchConfig.cmake'));
  const found = /_GLIBCXX_USE_CXX11_ABI=([01])/.exec(text)?.[1];
  if (found === undefined) return undefined;
  return found === '1' ? 'cxx11abi' : 'precxx11abi';
}

function readShort(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The version in the name of the file that the links lead to: `libcudart.so.12.8.90`. */
function versionOfFile(path: string): { version: string } | undefined {
  const version = /\.so\.(\d+(?:\.\d+)*)$/.exec(basename(readRealPath(path) ?? path))?.[1];
  return version === undefined ? undefined : { version };
}

function readSystem(library: LibraryRequirement, { machine }: LibrarySearch): LibraryFacts {
  const name = fileOf(library);
  const { loader } = machine;
  if (loader?.kind !== 'elf') {
    const folders = loader?.kind === 'pe' ? loader.folders : ['/usr/lib', '/usr/local/lib'];
    const copies = folders.map((folder) => join(folder, name)).filter(existsSync);
    return { copies: copies.map((path) => ({ path })), searched: folders };
  }
  const { libraryPath, cache, folders } = loader;
  const paths = [
    ...libraryPath.map((folder) => join(folder, name)),
    ...(cache.get(name) ?? []),
    ...folders.map((folder) => join(folder, name)),
  ];
  const real = [...new Set(paths.flatMap((path) => readRealPath(path) ?? []))];
  const searched = [...libraryPath, 'the linker cache', ...folders];
  return { copies: real.map((path) => ({ path, ...versionOfFile(path) })), searched };
}
