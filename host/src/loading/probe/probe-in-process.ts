import { join } from 'node:path';
import type { Target } from '@voxhost/sdk';
import type { RunnableEntry } from '../activation.js';
import { runtimeUrl } from '../load-runtime.js';
import { findRuntimes, foldersOf } from '../process/find-runtimes.js';
import type { Load } from '../process/launch.js';
import { type LaunchPlan, planLaunch } from '../process/launch-plan.js';
import { readLaunchMachine } from '../process/read-launch-machine.js';
import type { ProbeVerdict } from './judge-probe.js';
import { runProbe } from './run-probe.js';

/** A probe asks a driver or two, and computes nothing. */
const DEFAULT_TIMEOUT_MS = 5000;

/** Where a probe reads the entry files of the libraries that its target requires: an object of path by name, as JSON. */
const RUNTIMES_VARIABLE = 'VOXHOST_RUNTIMES';

/**
 * Runs the probe that a target declares, with the plugin's permissions.
 *
 * @param folders - in which libraries that users bring are looked for, after the variable that a manifest names
 */
export async function probeInProcess(
  entry: RunnableEntry,
  { type, path, args = [], timeoutMs = DEFAULT_TIMEOUT_MS }: NonNullable<Target['probe']>,
  folders: readonly string[],
): Promise<ProbeVerdict> {
  const { manifest, root, target } = entry;
  const permissions = manifest.permissions ?? {};
  const machine = readLaunchMachine();
  const runtimes = await findRuntimes(target, async (name) => runtimeUrl(entry, name, folders));
  const libraryFolders = foldersOf(runtimes);
  const program = { root, path: join(root, path), args, permissions, libraryFolders };
  const planned = (treeMark: string): LaunchPlan => {
    if (type === 'exec') return planLaunch({ ...program, type }, machine, treeMark);
    // A script runs by itself under the plugin's permissions, in the place of the child's runtime.
    const script = { ...machine, childFile: program.path };
    const plan = planLaunch({ ...program, type }, script, treeMark);
    return { ...plan, args: [...plan.args, ...args] };
  };
  const plan = (treeMark: string): LaunchPlan => {
    const bare = planned(treeMark);
    return { ...bare, env: { ...bare.env, [RUNTIMES_VARIABLE]: pathsOf(runtimes) } };
  };
  return runProbe(plan, root, timeoutMs);
}

/** What was found; a library that is missing was judged before. */
function pathsOf(runtimes: Load['runtimes']): string {
  const found = Object.entries(runtimes).flatMap(([name, runtime]) =>
    'path' in runtime ? [[name, runtime.path] as const] : [],
  );
  return JSON.stringify(Object.fromEntries(found));
}
