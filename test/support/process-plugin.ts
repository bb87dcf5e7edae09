import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapabilityBlock, Context, LogLevel, Manifest } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { DEFAULT_POLICY } from '#host/compatibility/policy.js';
import { readMachineFacts } from '#host/compatibility/read-machine-facts.js';
import type { CatalogueEntry, Layer } from '#host/discovery/catalogue.js';
import { discoverPlugins, verifyEntry } from '#host/discovery/discover.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { activatePlugin } from '#host/loading/activate.js';
import type { ActivationServices, ActivePlugin } from '#host/loading/activation.js';
import type { Death } from '#host/loading/process/death.js';
import { ProcessBackend } from '#host/loading/process/process-backend.js';
import { manifestOf } from './manifest-builder.js';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.js';

const CHAOS = fileURLToPath(new URL('../../../plugins/chaos/bundle/plugin.js', import.meta.url));

const EXACT = { class: 'exact', deterministic: true, reference: 'reference@1' } as const;

/** All that the reference can, as a manifest may say it. */
export const fullCapabilities = (): readonly CapabilityBlock[] =>
  createReference().capabilities.map((block) => ({ ...block, numerics: EXACT }));

/** Manifest of a plugin that can do all that the reference can, in a process. */
export const processManifest = (changes: Partial<Manifest> = {}): Manifest =>
  manifestOf({
    isolation: { supports: ['process'], default: 'process' },
    capabilities: fullCapabilities(),
    ...changes,
  });

/** Writes a chaotic plugin into a folder; see `plugins/chaos/src/fault.ts` for the faults. Gives the manifest's path. */
export function writeChaos(
  folder: TemporaryFolder,
  faults: string,
  changes: Partial<Manifest> = {},
): string {
  const manifest = processManifest(changes);
  const { id, name, version, capabilities } = manifest;
  const path = folder.write(`${id}.plugin.json`, JSON.stringify(manifest));
  copyFileSync(CHAOS, join(folder.path, 'chaos.mjs'));
  const identity = JSON.stringify({ id, name, version, capabilities });
  folder.write(
    'plugin.mjs',
    `import { createChaos } from './chaos.mjs';
export default createChaos(${identity}, ${JSON.stringify(faults)});`,
  );
  return path;
}

async function entryAt(path: string, layer: Layer = 1): Promise<CatalogueEntry> {
  const { entries } = await discoverPlugins({
    layers: [{ layer, kind: 'path', path, origin: 'test', explicit: true, source: 'disk' }],
    facts: readMachineFacts(),
    policy: DEFAULT_POLICY,
    source: createDiskSource(),
  });
  const [entry] = entries;
  if (entry?.verdict.verdict !== 'compatible')
    throw new Error(`${path}: ${JSON.stringify(entry?.verdict)}`);
  return entry;
}

/** A plugin in a child process, with what happened to it. */
export interface Isolated extends AsyncDisposable {
  readonly backend: ProcessBackend;
  readonly deaths: readonly Death[];
  readonly lines: readonly string[];
}

export interface IsolatedOptions {
  readonly services?: Partial<ActivationServices>;
  readonly prepare?: Context['prepare'];
}

const servicesOf = (changes: Partial<ActivationServices> = {}): ActivationServices => ({
  signal: new AbortController().signal,
  threads: 1,
  log: () => undefined,
  prepare: () => Promise.reject(new Error('nothing to route to')),
  timeouts: { init: 20_000, dispose: 5_000 },
  verify: (entry) => verifyEntry(entry, { facts: readMachineFacts(), policy: DEFAULT_POLICY }),
  ...changes,
});

/** Activates the plugin of a manifest as one that ships with the host: in this process, if it may. */
export const activateInline = async (path: string): Promise<ActivePlugin> =>
  activatePlugin(await entryAt(path, 7), servicesOf());

/** Activates the plugin of a manifest as the host does. */
export async function activateAt(path: string, options: IsolatedOptions = {}): Promise<Isolated> {
  const deaths: Death[] = [];
  const lines: string[] = [];
  const services = servicesOf({
    log: (level: LogLevel, text: string) => void lines.push(`${level}: ${text}`),
    onFault: (fault) => void deaths.push(fault),
    ...(options.prepare === undefined ? {} : { prepare: options.prepare }),
    ...options.services,
  });
  const { backend, dispose } = await activatePlugin(await entryAt(path), services);
  if (!(backend instanceof ProcessBackend)) throw new Error('it does not run in a process');
  return { backend, deaths, lines, [Symbol.asyncDispose]: dispose };
}

/** A chaotic plugin in a child process, its folder removed with it. */
export async function chaos(
  faults: string,
  changes: Partial<Manifest> = {},
  options: IsolatedOptions = {},
): Promise<Isolated> {
  const folder = temporaryFolder();
  try {
    const isolated = await activateAt(writeChaos(folder, faults, changes), options);
    return {
      ...isolated,
      [Symbol.asyncDispose]: async () => {
        await isolated[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}
