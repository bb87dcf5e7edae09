import {
  type Backend,
  type CapabilityBlock,
  type IndexMap,
  type Json,
  type Manifest,
  matchCapabilities,
  type Operation,
  type Prepared,
  type Runs,
  type Support,
  VoxhostError,
} from '@voxhost/sdk';
import { workloadOf } from '../../cost/workload.js';
import { HOST_ABI, VERSION } from '../../version.js';
import { type CallLimits, stepLimits } from '../call-limit.js';
import { echoViolation } from './check-echo.js';
import { imagesOf } from './encode-operation.js';
import type { Load } from './launch.js';
import type { LaunchPlan } from './launch-plan.js';
import type { Fields } from './message.js';
import { PluginProcess, type ProcessHooks, type ProcessLimits } from './plugin-process.js';
import { RemoteOperations, type Watch } from './remote-operations.js';

/** A plugin that is to run in a process of its own. */
export interface ProcessPlugin {
  readonly manifest: Manifest;
  /** The capabilities as the manifest file has them. */
  readonly declared: Json | undefined;
  readonly cwd: string;
  readonly threads: number;
  readonly plan: (treeMark: string) => LaunchPlan;
  /** For a Node child; absent for a program that speaks the protocol itself. */
  readonly load?: Load;
}

export interface BackendLimits extends ProcessLimits, CallLimits {
  /** From start to hello, activation included. */
  readonly initMs: number;
  /** A child that nobody uses is ended after so long. */
  readonly idleMs: number;
}

interface Running {
  readonly process: PluginProcess;
  readonly remote: RemoteOperations;
}

/**
 * A backend in a child process: started at its first prepare, kept warm, ended when idle, and started again
 * by the next prepare after it died. What was prepared on a process that died is lost with it: its runs
 * reject with `PLUGIN_FAILED` and the verdict.
 */
export class ProcessBackend implements Backend {
  readonly name: string;
  readonly capabilities: readonly CapabilityBlock[];
  readonly #plugin: ProcessPlugin;
  readonly #hooks: ProcessHooks;
  readonly #limits: BackendLimits;
  #running: Promise<Running> | undefined;
  #live: PluginProcess | undefined;
  #open = 0;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(plugin: ProcessPlugin, hooks: ProcessHooks, limits: BackendLimits) {
    this.name = plugin.manifest.name;
    this.capabilities = plugin.manifest.capabilities;
    this.#plugin = plugin;
    this.#hooks = hooks;
    this.#limits = limits;
  }

  /** The child that serves at present, for tests and figures. */
  get process(): PluginProcess | undefined {
    return this.#live;
  }

  /** By the manifest: the plugin itself is asked when it prepares, and rejects with `UNSUPPORTED` what it narrows. */
  supports(operation: Operation): Support {
    const match = matchCapabilities(this.#plugin.manifest.capabilities, operation);
    if (!match.ok) return { ok: false, ...match.mismatch };
    const prepare = imagesOf(operation).reduce((sum, image) => sum + image.data.byteLength, 0);
    return { ok: true, memory: { prepare, run: workloadOf(operation).bytesPerRun } };
  }

  /** Starts the child now; rejects with `PLUGIN_FAILED` where it cannot be had, with the signal's reason when aborted. */
  async start(signal: AbortSignal): Promise<void> {
    const stop = () => void this[Symbol.asyncDispose]();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#ensure();
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async prepare<O extends Operation>(
    operation: O,
    signal?: AbortSignal,
  ): Promise<Prepared<O['kind']>> {
    if (this.#isClosed) throw this.#disposed();
    signal?.throwIfAborted();
    const support = this.supports(operation);
    if (!support.ok) {
      const { axis, reason } = support;
      throw new VoxhostError('UNSUPPORTED', { backend: this.name, axis, reason });
    }
    this.#opened();
    try {
      const { remote } = await this.#ensure();
      const prepared = await remote.prepare(operation, signal);
      return this.#counted(prepared);
    } catch (error) {
      this.#closed();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#end();
  }

  #counted<K extends Operation['kind']>(prepared: Prepared<K>): Prepared<K> {
    let isOpen = true;
    return {
      run: (map: IndexMap, run: Runs[K][0]) => prepared.run(map, run),
      [Symbol.asyncDispose]: async () => {
        try {
          await prepared[Symbol.asyncDispose]();
        } finally {
          if (isOpen) this.#closed();
          isOpen = false;
        }
      },
    };
  }

  #opened(): void {
    this.#open += 1;
    clearTimeout(this.#idle);
  }

  #closed(): void {
    this.#open -= 1;
    if (this.#open > 0 || this.#isClosed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#end(), this.#limits.idleMs);
    this.#idle.unref();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = undefined;
    const { process } = (await running?.catch(() => undefined)) ?? {};
    await process?.end();
  }

  #disposed(): VoxhostError {
    return new VoxhostError('DISPOSED', { what: `backend "${this.name}"` });
  }

  #ensure(): Promise<Running> {
    if (this.#isClosed) return Promise.reject(this.#disposed());
    if (this.#running !== undefined && this.#live?.isLost !== true) return this.#running;
    const running = this.#start();
    this.#running = running;
    running.catch(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return running;
  }

  async #start(): Promise<Running> {
    const { manifest, plan, cwd } = this.#plugin;
    const process = new PluginProcess({ id: manifest.id, plan, cwd }, this.#hooks, this.#limits);
    this.#live = process;
    const started = performance.now();
    await this.#handshake(process);
    this.#hooks.trace(`answers after ${Math.round(performance.now() - started)} ms`);
    const watch: Watch = {
      began: (id, step, operation) => process.began(id, step, this.#limitOf(step, operation)),
      alive: (id) => process.watchdog.alive(id),
      cancelled: (id) => process.cancelled(id),
    };
    const remote = new RemoteOperations(process.peer, watch);
    return { process, remote };
  }

  async #handshake(process: PluginProcess): Promise<void> {
    const { manifest, declared } = this.#plugin;
    try {
      const content = { fields: helloOf(this.#plugin) };
      const { fields } = await process.ask('hello', content, 'the hello', this.#limits.initMs);
      const violation = echoViolation(fields, manifest, declared ?? this.capabilities);
      if (violation === undefined) return;
      const { field, expected, found } = violation;
      const reason = `${field} should be ${expected}, but is ${found}`;
      throw process.failure({ verdict: 'contract-violation', reason });
    } catch (error) {
      await process.end();
      throw this.#loadFailure(process, error);
    }
  }

  #loadFailure(process: PluginProcess, error: unknown): unknown {
    if ((error as { code?: unknown }).code === 'PLUGIN_FAILED') return error;
    const reason = error instanceof Error ? error.message : String(error);
    return process.failure({ verdict: 'load-failed', reason });
  }

  #limitOf(step: 'prepare' | 'run' | 'dispose', operation: Operation): number {
    if (step === 'dispose') return this.#limits.disposeMs;
    return stepLimits(this.#limits, this.#plugin.manifest.capabilities, operation)[step];
  }
}

function helloOf({ manifest, threads, load }: ProcessPlugin): Fields {
  const { id, version, name } = manifest;
  const { min, max } = HOST_ABI;
  return {
    protocol: 1,
    host: VERSION,
    abi: { min, max },
    plugin: { id, version, name },
    threads,
    ...(load === undefined ? {} : { load }),
  };
}
