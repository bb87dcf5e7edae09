import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder that goes away with its scope. */
export async function scratchFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'voxhost-test-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** The platform's places of state, all below one folder, so that a test never sees the user's own. */
export const stateBelow = (folder: string): Readonly<Record<string, string>> => ({
  HOME: folder,
  XDG_CONFIG_HOME: join(folder, '.config'),
  XDG_DATA_HOME: join(folder, '.data'),
  XDG_STATE_HOME: join(folder, '.state'),
  XDG_CACHE_HOME: join(folder, '.cache'),
});
