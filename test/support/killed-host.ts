import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMarked } from '#host/loading/process/kill-tree.js';
import { eventually } from './eventually.js';

/**
 * Starts another process as the host of the plugin at a path, kills it with SIGKILL while the third run is
 * in progress, or once the plugin has said hello, and gives the children that are left when none is expected to be.
 */
export async function killedHost(
  path: string,
  when: 'hello' | 'run' = 'run',
): Promise<readonly number[]> {
  const script = fileURLToPath(new URL('./host-to-be-killed.js', import.meta.url));
  const host = spawn(process.execPath, [script, path, when], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(host, 'exit').then(() => Promise.reject(new Error('the host ended by itself')));
  const said = once(host.stdout.setEncoding('utf8'), 'data') as Promise<[string]>;
  const [mark] = await Promise.race([said, gone]);
  gone.catch(() => undefined);
  const children = readMarked(mark.trim());
  if (children.length === 0) throw new Error('the child was not found');
  await eventually(() => children.some(isComputing), Boolean);
  host.kill('SIGKILL');
  return eventually(
    () => readMarked(mark.trim()),
    (left) => left.length === 0,
  );
}

/** Has it used a tenth of a second of processor time since it was first looked at? It then computes, or is starting. */
const seen = new Map<number, number>();
function isComputing(pid: number): boolean {
  const now = processorTicks(pid);
  const first = seen.get(pid) ?? now;
  seen.set(pid, first);
  return now - first >= 10;
}

function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
