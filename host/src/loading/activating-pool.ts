import type { Backend, Operation } from '@voxhost/sdk';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { HostError, isHostError } from '../errors.js';
import { inject, injectable } from '../injection.js';
import { type HostLog, LogToken } from '../log.js';
import type { ActivePlugin } from './activation.js';
import type { Activity, BackendPool } from './backend-pool.js';
import { clipped } from './clipped.js';
import { type Lending, LendingToken } from './lending.js';
import { type PrepareElsewhere, PrepareElsewhereToken } from './prepare-elsewhere.js';
import type { Death } from './process/death.js';
import { CatalogueToken, type WatchedCatalogue } from './quarantine/plugin-health.js';
import { timeoutsWith } from './timeouts.js';

/** Activates each plugin at its first call and keeps it. Concurrent first calls share one activation; a failed one is forgotten. */
@injectable()
export class ActivatingPool implements BackendPool {
  readonly #catalogue: WatchedCatalogue;
  readonly #prepare: PrepareElsewhere;
  readonly #log: HostLog;
  readonly #lending: Lending;
  readonly #active = new Map<string, Promise<ActivePlugin>>();
  /** When those that are at it began to start. */
  readonly #starting = new Map<string, number>();
  readonly #ending = new AbortController();

  constructor(
    @inject(CatalogueToken) catalogue: WatchedCatalogue,
    @inject(PrepareElsewhereToken) prepare: PrepareElsewhere,
    @inject(LogToken) log: HostLog,
    @inject(LendingToken) lending: Lending,
  ) {
    this.#catalogue = catalogue;
    this.#prepare = prepare;
    this.#log = log;
    this.#lending = lending;
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  async acquire(id: string): Promise<Backend> {
    this.#ending.signal.throwIfAborted();
    const active = this.#active.get(id) ?? this.#activate(id);
    return (await active).backend;
  }

  activityOf(id: string): Activity {
    const since = this.#starting.get(id);
    if (since === undefined) return { isActive: this.#active.has(id) };
    return { isActive: false, startingForMs: performance.now() - since };
  }

  async discard(id: string, failed?: Backend): Promise<void> {
    const active = this.#active.get(id);
    const current = await active?.catch(() => undefined);
    if (failed !== undefined && current?.backend !== failed) return;
    if (this.#active.get(id) !== active) return;
    this.#active.delete(id);
    await disposeQuietly(active);
  }

  blame(id: string, fault: Death): void {
    void this.#active.get(id)?.then(({ entry }) => this.#catalogue.strike(entry, fault));
  }

  async close(): Promise<void> {
    this.#ending.abort(new HostError('HOST_CLOSED', { what: 'the host' }));
    const all = [...this.#active.values()];
    this.#active.clear();
    await Promise.all(all.map(disposeQuietly));
  }

  #activate(id: string): Promise<ActivePlugin> {
    const activation = this.#load(id);
    const since = performance.now();
    this.#active.set(id, activation);
    this.#starting.set(id, since);
    const started = () => {
      if (this.#starting.get(id) === since) this.#starting.delete(id);
    };
    activation.then(started, () => {
      started();
      if (this.#active.get(id) === activation) this.#active.delete(id);
    });
    return activation;
  }

  async #load(id: string): Promise<ActivePlugin> {
    const entry = await this.#entry(id);
    const { activatePlugin } = await import('./activate.js');
    let isBlamed = false;
    const blame = (fault: Death) => {
      isBlamed = true;
      this.#catalogue.strike(entry, fault);
    };
    const activation = activatePlugin(entry, {
      signal: this.#ending.signal,
      threads: this.#lending.threads,
      timeouts: timeoutsWith(this.#lending.limits),
      limits: this.#lending.limits,
      trace: (text) => this.#log('debug', 'loading', `${id} ${text}`),
      builtin: loadBuiltin,
      libraryFolders: await this.#lending.libraryFolders(),
      verify: (each) => this.#catalogue.verify(each),
      log: (level, text) => this.#log(level, id, clipped(String(text))),
      onFault: blame,
      prepare: <O extends Operation>(operation: O, signal?: AbortSignal) =>
        this.#prepare(id, operation, signal),
    });
    return activation.catch((error: unknown) => {
      if (!isBlamed && isHostError(error, 'PLUGIN_FAILED')) blame(error.fields);
      throw error;
    });
  }

  async #entry(id: string): Promise<CatalogueEntry> {
    const { entries } = await this.#catalogue.read();
    const entry = entries.find(
      ({ manifest, verdict }) => manifest?.id === id && verdict.verdict !== 'shadowed',
    );
    if (entry !== undefined) return entry;
    throw new HostError('PLUGIN_FAILED', {
      plugin: id,
      verdict: 'missing-file',
      reason: 'is not in the catalogue',
    });
  }
}

async function disposeQuietly(active: Promise<ActivePlugin> | undefined): Promise<void> {
  try {
    await (await active)?.dispose();
  } catch {
    // it failed to start or to end; the host goes on without it
  }
}

/** The only backend that is compiled in, loaded when nobody else can serve or it was named. */
async function loadBuiltin(): Promise<Backend> {
  const { createReference } = await import('@voxhost/sdk/reference');
  return createReference();
}
