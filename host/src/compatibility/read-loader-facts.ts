import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { memorySource } from '../binary/byte-view.js';
import { parseLinkerCache } from '../binary/linker-cache.js';
import type { LoaderFacts } from '../binary/loader-facts.js';
import { parseBinary } from '../binary/parse-binary.js';
import { openBytes } from '../files/read-bytes.js';
import type { ProgramFacts } from './machine-facts.js';

/** What the loader of this machine goes by. */
export function readLoaderFacts(platform: string): LoaderFacts {
  if (platform === 'darwin') return { kind: 'mach-o' };
  if (platform !== 'win32') return readElfLoader();
  const windows = process.env['SystemRoot'] ?? 'C:\\Windows';
  return { kind: 'pe', folders: [join(windows, 'System32'), windows] };
}

/** Debian's names of the folders of each architecture. */
const TRIPLETS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ppc64: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
};

function readElfLoader(): LoaderFacts {
  const triplet = TRIPLETS[process.arch];
  const ofArchitecture = triplet === undefined ? [] : [`/lib/${triplet}`, `/usr/lib/${triplet}`];
  const folders = [...ofArchitecture, '/lib64', '/usr/lib64', '/lib', '/usr/local/lib', '/usr/lib'];
  let cache: ReturnType<typeof readCache> | undefined;
  return {
    kind: 'elf',
    // an empty part means the current directory, which is never searched here
    libraryPath: (process.env['LD_LIBRARY_PATH'] ?? '').split(/[:;]/).filter((f) => f !== ''),
    // thousands of names, which only a plugin that needs a library of the system asks for
    get cache() {
      cache ??= readCache();
      return cache;
    },
    folders: folders.filter(existsSync),
  };
}

function readCache(): ReadonlyMap<string, readonly string[]> {
  try {
    return parseLinkerCache(memorySource(readFileSync('/etc/ld.so.cache')));
  } catch {
    return new Map(); // musl has none
  }
}

/** An executable with what it defines; undefined where that is no Node-API, since a library of its own may hold it. */
export function readProgram(executable: string): ProgramFacts | undefined {
  try {
    const path = realpathSync(executable);
    using bytes = openBytes(path);
    const read = parseBinary(bytes);
    const facts = read.ok ? read.slices.find(({ cpu }) => cpu === process.arch) : undefined;
    const symbols = new Set(facts?.exports);
    return facts !== undefined && symbols.has(SURE) ? { path, facts, symbols } : undefined;
  } catch {
    return undefined;
  }
}

/** A function that every Node-API has. */
const SURE = 'napi_create_function';
