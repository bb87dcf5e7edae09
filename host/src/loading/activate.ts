import type { Backend, Manifest, Plugin, Target } from '@voxhost/sdk';
import { evidenceText } from '../compatibility/outcome.js';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { decideIsolation } from '../discovery/isolation.js';
import { HostError } from '../errors.js';
import { isUsable, type VerdictWord } from '../verdict.js';
import type { ActivationServices, ActivePlugin, RunnableEntry } from './activation.js';
import { createContext } from './context.js';
import { backendViolation, pluginViolation, type Violation } from './handshake.js';
import { InlineBackend } from './inline-backend.js';
import { readDefaultLimits } from './process/default-limits.js';
import { readableError } from './process/encode-error.js';
import { Watchdog } from './process/watchdog.js';
import { createSealedSource } from './sealed-source.js';
import { watchTampering } from './tampering.js';
import { whilePaused } from './while-paused.js';
import { TimeOut, within } from './within.js';

type Probe = NonNullable<Target['probe']>;

/**
 * Loads a plugin's code, here or in a process of its own, compares it with its manifest and activates it. To be
 * called at the first operation that needs it.
 *
 * Rejects with `PLUGIN_FAILED` and the verdict: what stages 0 to 10 said, `load-failed`, `hung` or
 * `contract-violation`; with the signal's reason when the host closes.
 */
export async function activatePlugin(
  entry: CatalogueEntry,
  services: ActivationServices,
): Promise<ActivePlugin> {
  if (entry.target?.entry.type === 'builtin')
    return activateBuiltin(entry, services, entry.target.entry.path);
  const verified = await verify(entry, services);
  const { manifest, target, root } = verified;
  const isWhole = manifest !== undefined && target !== undefined && root !== undefined;
  if (!isUsable(verified.verdict) || !isWhole)
    throw failed(verified, verified.verdict.verdict, evidenceText(verified.verdict.evidence));
  const runnable = { ...verified, manifest, target, root };
  const { isTrusted = (each) => each.trusted } = services;
  if (target.probe !== undefined)
    await probe(runnable, target.probe, services.libraryFolders ?? []);
  const decision = decideIsolation({ ...runnable, isTrusted: isTrusted(verified) });
  if (decision.kind === 'refused') throw failed(verified, 'untrusted', decision.why);
  if (decision.kind === 'process') {
    const { activateInProcess } = await import('./process/activate-in-process.js');
    return activateInProcess(runnable, services);
  }
  const source = verified.sealed
    ? createSealedSource(verified.source, root, manifest)
    : verified.source;
  const loading = { ...runnable, source };
  const tampered = watchTampering();
  const plugin = await importPlugin(loading, services);
  return start({ entry: loading, manifest, plugin, tampered }, services);
}

/** No code runs before stages 0 to 10 have passed: what a start left open is checked now. */
async function verify(
  entry: CatalogueEntry,
  services: ActivationServices,
): Promise<CatalogueEntry> {
  const { unchecked } = entry.verdict;
  if (!isUsable(entry.verdict) || unchecked.length === 0) return entry;
  if (services.verify !== undefined) {
    const verified = await services.verify(entry);
    if (!verified.verdict.unchecked.includes('integrity')) return verified;
  }
  throw failed(entry, 'untrusted', `these stages were not checked: ${unchecked.join(', ')}`);
}

/** What the manifest's probe finds out in a process of its own, before any of the plugin's code runs elsewhere. */
async function probe(
  entry: RunnableEntry,
  declared: Probe,
  libraryFolders: readonly string[],
): Promise<void> {
  const { probeInProcess } = await import('./probe/probe-in-process.js');
  const found = await probeInProcess(entry, declared, libraryFolders);
  if (!found.ok) throw failed(entry, found.verdict, found.reason);
}

const failed = (entry: CatalogueEntry, verdict: VerdictWord, reason: string, cause?: unknown) =>
  new HostError(
    'PLUGIN_FAILED',
    { plugin: entry.manifest?.id ?? entry.path, verdict, reason },
    cause,
  );

async function activateBuiltin(
  entry: CatalogueEntry,
  services: ActivationServices,
  path: string,
): Promise<ActivePlugin> {
  if (services.builtin === undefined) throw failed(entry, 'missing-file', 'it is not compiled in');
  const backend = await services.builtin(path);
  return { entry, backend, dispose: async () => backend[Symbol.asyncDispose]() };
}

async function importPlugin(
  entry: CatalogueEntry & { readonly manifest: Manifest; readonly root: string },
  { signal, timeouts }: ActivationServices,
): Promise<Plugin> {
  const path = entry.source.join(entry.root, entry.target?.entry.path ?? '');
  const what = `importing ${path}`;
  const module = await attempt(
    entry,
    async () => {
      const url = await entry.source.module(path);
      const imported = import(url.href) as Promise<{ readonly default?: unknown }>;
      return within(imported, what, timeouts.init, signal);
    },
    signal,
  );
  const violation = pluginViolation(module.default, entry.manifest);
  if (violation !== undefined) throw violated(entry, violation);
  return module.default as Plugin;
}

/** A step of foreign code: what it throws becomes a verdict, but for the host's own end. */
async function attempt<T>(
  entry: CatalogueEntry,
  step: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { message } = readableError(error);
    throw failed(entry, error instanceof TimeOut ? 'hung' : 'load-failed', message, error);
  }
}

const violated = (entry: CatalogueEntry, { field, expected, found }: Violation) =>
  failed(entry, 'contract-violation', `${field} should be ${expected}, but is ${found}`);

interface Loaded {
  readonly entry: CatalogueEntry;
  readonly manifest: Manifest;
  readonly plugin: Plugin;
  readonly tampered: () => string | undefined;
}

async function start(
  { entry, manifest, plugin, tampered }: Loaded,
  services: ActivationServices,
): Promise<ActivePlugin> {
  const { signal, timeouts } = services;
  let inline: InlineBackend | undefined;
  const watchdog = new Watchdog((what, limitMs) => inline?.expired(what, limitMs));
  const prepare = whilePaused(watchdog, services.prepare);
  const { context, end } = createContext(entry, { ...services, prepare });
  try {
    const backend = await attempt(
      entry,
      // async, so that what activate throws at once is caught like what it rejects with
      async () =>
        within((async () => plugin.activate(context))(), 'activate()', timeouts.init, signal),
      signal,
    );
    const violation = backendViolation(backend, manifest, entry.declaredCapabilities);
    if (violation !== undefined) throw violated(entry, violation);
    const found = tampered();
    if (found !== undefined) throw failed(entry, 'contract-violation', `it changed ${found}`);
    inline = new InlineBackend(backend, {
      plugin: manifest.id,
      limits: { ...readDefaultLimits(), ...services.limits },
      watchdog,
      onFault: services.onFault ?? (() => undefined),
      tampered,
    });
    return { entry, backend: inline, dispose: disposeOnce(inline, end, services) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** What a plugin does wrong while it ends is logged, since nobody can act on it. */
function disposeOnce(
  backend: Backend,
  end: () => Promise<void>,
  { timeouts, log }: ActivationServices,
): () => Promise<void> {
  let ended: Promise<void> | undefined;
  const dispose = async (): Promise<void> => {
    try {
      const never = new AbortController().signal;
      const disposed = (async () => backend[Symbol.asyncDispose]())();
      await within(disposed, 'disposal', timeouts.dispose, never);
    } catch (error) {
      log('warn', `disposal failed: ${readableError(error).message}`);
    }
    await end();
  };
  return () => {
    ended ??= dispose();
    return ended;
  };
}
