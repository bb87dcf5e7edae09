import { join } from 'node:path';
import type { Target } from '@voxhost/sdk';
import type { RunnableEntry } from '../process/activate-in-process.js';
import { type LaunchPlan, planLaunch } from '../process/launch-plan.js';
import { readLaunchMachine } from '../process/read-launch-machine.js';
import type { ProbeVerdict } from './judge-probe.js';
import { runProbe } from './run-probe.js';

/** Plugin-host.md B.12. */
const DEFAULT_TIMEOUT_MS = 5000;

/** Runs the probe that a target declares, with the plugin's permissions. */
export async function probeInProcess(
  { manifest, root }: RunnableEntry,
  { type, path, args = [], timeoutMs = DEFAULT_TIMEOUT_MS }: NonNullable<Target['probe']>,
): Promise<ProbeVerdict> {
  const permissions = manifest.permissions ?? {};
  const machine = readLaunchMachine();
  const program = { root, path: join(root, path), args, permissions, libraryFolders: [] };
  const plan = (treeMark: string): LaunchPlan => {
    if (type === 'exec') return planLaunch({ ...program, type }, machine, treeMark);
    // A script runs by itself under the plugin's permissions, in the place of the child's runtime.
    const script = { ...machine, childFile: program.path };
    const planned = planLaunch({ ...program, type }, script, treeMark);
    return { ...planned, args: [...planned.args, ...args] };
  };
  return runProbe(plan, root, timeoutMs);
}
