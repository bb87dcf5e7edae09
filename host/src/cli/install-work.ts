import { readPlaces } from '../composition/read-places.js';
import { realDisk } from '../installing/install-disk.js';
import { type InstallPlaces, installPlaces } from '../installing/installed.js';
import { withInstallLock } from '../installing/with-install-lock.js';
import { atOutput } from '../io/atomic-file.js';
import type { Terminal } from './terminal.js';

/** How long to wait for another installer to end. */
const WAIT_MS = 30_000;

/** Changes the user's plugins while nobody else does. Throws `CANNOT_WRITE`. */
export function changePlugins<T>(
  { signal }: Terminal,
  work: (places: InstallPlaces, disk: typeof realDisk) => Promise<T>,
): Promise<T> {
  const places = installPlaces(readPlaces().userPlugins);
  return atOutput(places.plugins, () =>
    withInstallLock(places.lock, { waitMs: WAIT_MS, signal }, () => work(places, realDisk)),
  );
}
