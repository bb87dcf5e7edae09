import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../errors.js';

export interface LockSettings {
  /** How long to wait for another installer. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

const POLL_MS = 50;

/** Does `work` while no other process installs. The lock of a process that is gone is broken. Throws `CANNOT_WRITE`. */
export async function withInstallLock<T>(
  path: string,
  settings: LockSettings,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const giveUp = performance.now() + settings.waitMs;
  while (!(await take(path))) {
    settings.signal?.throwIfAborted();
    const owner = await ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) {
      await breakLock(path, owner);
    } else if (performance.now() > giveUp) {
      const reason = `is held by another installer (process ${owner ?? 'unknown'})`;
      throw new HostError('CANNOT_WRITE', { path, reason, remedy: 'wait for it to end' });
    } else {
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(`${process.pid}\n`).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the lock of a process that is gone aside. Where another was quicker, and it is its new lock, puts it back. */
async function breakLock(path: string, owner: number): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // it is gone already
  }
  if ((await ownerOf(aside)) === owner) await rm(aside, { force: true });
  else await rename(aside, path);
}

/** Undefined while its owner has not written its number yet, or when it is just gone. */
async function ownerOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
