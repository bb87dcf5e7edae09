import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TemporaryFolder } from './temporary-folder.js';

/** Where node_api.h may be: as Debian has it, and beside the node program. */
const HEADERS = ['/usr/include/node', join(dirname(process.execPath), '../include/node')];

/** Why no addon can be built here; undefined where one can. */
export function whyNoCompiler(): string | undefined {
  if (process.platform === 'win32') return 'addons are built with cc';
  if (headers() === undefined) return 'there are no headers of Node-API';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler';
}

const headers = () => HEADERS.find((folder) => existsSync(join(folder, 'node_api.h')));

/** Builds a Node-API addon of C source in the folder; gives its absolute path. */
export function compileAddon(folder: TemporaryFolder, name: string, source: string): string {
  const file = folder.write(`${name}.c`, source);
  const path = join(folder.path, `${name}.node`);
  const flags = ['-shared', '-fPIC', '-O1', '-w', `-I${headers()}`, file, '-o', path];
  const { status, stderr } = spawnSync('cc', flags, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  return path;
}
