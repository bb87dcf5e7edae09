import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import type { LaunchMachine } from './launch-plan.js';

/** What starting a child depends on, read from this process. */
export function readLaunchMachine(): LaunchMachine {
  const isFinal = process.allowedNodeEnvironmentFlags.has('--permission');
  return {
    platform: process.platform,
    environment: process.env,
    temporaryFolder: tmpdir(),
    node: {
      file: process.execPath,
      permissionFlag: isFinal ? '--permission' : '--experimental-permission',
    },
    ...(isSea() ? {} : { childFile: findChildFile() }),
  };
}

/** Beside the bundle that this code is part of, or in the bundle folder of the package that it was compiled in. */
function findChildFile(): string {
  const beside = fileURLToPath(new URL('./child.js', import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL('../../../bundle/child.js', import.meta.url));
}
