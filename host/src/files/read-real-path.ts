import { realpathSync } from 'node:fs';

/** A path with its links resolved; undefined where it leads nowhere. */
export function readRealPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
