import { join } from 'node:path';
import type { Context } from '@voxhost/sdk';
import { HostError } from '../../errors.js';
import type { ActivationServices, ActivePlugin, RunnableEntry } from '../activation.js';
import { createContext } from '../context.js';
import { readDefaultLimits } from './default-limits.js';
import { findRuntimes, foldersOf } from './find-runtimes.js';
import type { Load } from './launch.js';
import { type Launched, planLaunch } from './launch-plan.js';
import { type BackendLimits, ProcessBackend, type ProcessPlugin } from './process-backend.js';
import { readLaunchMachine } from './read-launch-machine.js';

/** Starts the plugin in a child process and shakes hands with it. Rejects as `activatePlugin` does. */
export async function activateInProcess(
  entry: RunnableEntry,
  services: ActivationServices,
): Promise<ActivePlugin> {
  if (entry.source.kind !== 'disk') throw notOnDisk(entry);
  const { context, end } = createContext(entry, services);
  const hooks = {
    log: services.log,
    trace: services.trace ?? (() => undefined),
    prepare: context.prepare,
    resource: context.resource,
    onFault: services.onFault ?? (() => undefined),
  };
  const limits: BackendLimits = {
    ...readDefaultLimits(),
    initMs: services.timeouts.init,
    disposeMs: services.timeouts.dispose,
    ...services.limits,
  };
  const plugin = await pluginOf(entry, context);
  const backend = new ProcessBackend(plugin, hooks, limits);
  try {
    await backend.start(services.signal);
  } catch (error) {
    await end();
    throw error;
  }
  const dispose = async () => {
    await backend[Symbol.asyncDispose]();
    await end();
  };
  return { entry, backend, dispose };
}

const notOnDisk = ({ manifest }: RunnableEntry) =>
  new HostError('PLUGIN_FAILED', {
    plugin: manifest.id,
    verdict: 'load-failed',
    reason: 'it is embedded in the executable and cannot run in a process of its own',
  });

async function pluginOf(entry: RunnableEntry, context: Context): Promise<ProcessPlugin> {
  const { manifest, target, root, declaredCapabilities } = entry;
  const runtimes = await findRuntimes(target, context.runtimeUrl);
  const { type, path, args = [] } = target.entry;
  const launched: Launched = {
    type: type === 'exec' || type === 'node-addon' ? type : 'esm',
    root,
    path: join(root, path),
    args,
    permissions: manifest.permissions ?? {},
    libraryFolders: foldersOf(runtimes),
  };
  const machine = readLaunchMachine();
  const plugin = {
    manifest,
    declared: declaredCapabilities,
    cwd: root,
    threads: context.threads,
    plan: (treeMark: string) => planLaunch(launched, machine, treeMark),
  };
  if (launched.type === 'exec') return plugin;
  const { reentrant = false, maxConcurrent = reentrant ? 16 : 1 } = manifest.isolation ?? {};
  const load: Load = { type: launched.type, root, entry: path, runtimes, maxConcurrent };
  return { ...plugin, load };
}
