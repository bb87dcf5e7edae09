import type {
  Backend,
  CapabilityBlock,
  IndexMap,
  Measured,
  Operation,
  Prepared,
  Resampled,
  Runs,
  Support,
} from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { preparedProblem, supportProblem } from './answer-problem.js';
import { type CallLimits, stepLimits } from './call-limit.js';
import { clipped } from './clipped.js';
import type { Death } from './process/death.js';
import { readableError } from './process/encode-error.js';
import type { Watchdog } from './process/watchdog.js';

/** What a backend in this process is held to. */
export interface InlineLimits extends CallLimits {
  /** Time that a cancelled call has to end by itself, in milliseconds. */
  readonly cancelMs: number;
}

/** What stands behind a backend in this process. */
export interface InlineServices {
  readonly plugin: string;
  readonly limits: InlineLimits;
  readonly watchdog: Watchdog;
  /** Told of the fault for which the backend is given up. */
  readonly onFault: (fault: Death) => void;
  /** What the plugin changed that is everybody's, in words; it was put back. */
  readonly tampered: () => string | undefined;
}

interface Step {
  readonly step: 'prepare' | 'run';
  readonly limitMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What a plugin prepared, and how long each of its runs may take, in milliseconds. */
interface Ready<O extends Operation> {
  readonly prepared: Prepared<O['kind']>;
  readonly operation: O;
  readonly runLimitMs: number;
}

/**
 * A backend in this process, held at arm's length: a promise that never settles is given up at its limit, what is
 * thrown is an error that can be read, and a backend that failed so is not asked again. A loop that never returns
 * cannot be ended here, nor a write to a buffer that was lent: that is what trust means.
 */
export class InlineBackend implements Backend {
  readonly name: string;
  readonly capabilities: readonly CapabilityBlock[];
  readonly #backend: Backend;
  readonly #services: InlineServices;
  readonly #open = new Map<number, (error: HostError) => void>();
  #nextId = 1;
  #lost: HostError | undefined;

  constructor(backend: Backend, services: InlineServices) {
    this.name = backend.name;
    this.capabilities = backend.capabilities;
    this.#backend = backend;
    this.#services = services;
  }

  supports(operation: Operation): Support {
    const support = this.#supports(operation);
    const problem = supportProblem(support);
    if (problem !== undefined) throw this.#giveUp(`it ${problem}`);
    return support.ok ? support : { ...support, reason: clipped(support.reason) };
  }

  #supports(operation: Operation): Support {
    try {
      return this.#backend.supports(operation);
    } catch (error) {
      throw readableError(error);
    }
  }

  async prepare<O extends Operation>(
    operation: O,
    signal?: AbortSignal,
  ): Promise<Prepared<O['kind']>> {
    const limitMs = stepLimits(this.#services.limits, this.capabilities, operation);
    const step: Step = { step: 'prepare', limitMs: limitMs.prepare, signal };
    const prepared = await this.#within(step, async () => {
      const found = await this.#backend.prepare(operation, signal);
      const problem = preparedProblem(found);
      if (problem !== undefined) throw this.#giveUp(`it ${problem}`);
      return found;
    });
    const tampered = this.#services.tampered();
    if (tampered !== undefined) throw this.#giveUp(`it changed ${tampered}`);
    const ready = { prepared, operation, runLimitMs: limitMs.run };
    return {
      run: (map, run) => this.#run(ready, map, run),
      [Symbol.asyncDispose]: async () => prepared[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#services.watchdog.stop();
    await this.#backend[Symbol.asyncDispose]();
  }

  /** One of its calls took too long: all that are open move on. */
  expired(what: string, limitMs: number): void {
    this.#giveUp(`it did not answer ${what} within ${limitMs} ms`, 'hung');
  }

  #run<O extends Operation>(
    { prepared, operation, runLimitMs }: Ready<O>,
    map: IndexMap,
    run: Runs[O['kind']][0],
  ): Promise<Runs[O['kind']][1]> {
    const id = this.#nextId;
    const { progress, signal } = run;
    const tell = (fraction: number) => {
      if (!this.#open.has(id)) return;
      this.#services.watchdog.alive(id);
      progress?.(fraction);
    };
    const asked = progress === undefined ? run : { ...run, progress: tell };
    return this.#within({ step: 'run', limitMs: runLimitMs, signal }, async () =>
      ownFields(operation.kind, await prepared.run(map, asked)),
    );
  }

  async #within<T>({ step, limitMs, signal }: Step, work: () => Promise<T>): Promise<T> {
    if (this.#lost !== undefined) throw this.#lost;
    const { watchdog, limits } = this.#services;
    const id = this.#nextId++;
    const givenUp = new Promise<never>((_, reject) => this.#open.set(id, reject));
    const hurry = () => watchdog.cancelled(id, limits.cancelMs);
    watchdog.began(id, step, limitMs);
    signal?.addEventListener('abort', hurry, { once: true });
    if (signal?.aborted) hurry();
    try {
      return await Promise.race([work(), givenUp]);
    } catch (error) {
      throw signal?.aborted || isTheLoss(error, this.#lost) ? error : readableError(error);
    } finally {
      signal?.removeEventListener('abort', hurry);
      this.#open.delete(id);
      watchdog.ended(id);
    }
  }

  #giveUp(reason: string, verdict: Death['verdict'] = 'contract-violation'): HostError {
    const { plugin, onFault, watchdog } = this.#services;
    const lost = new HostError('PLUGIN_FAILED', { plugin, verdict, reason });
    if (this.#lost === undefined) onFault({ verdict, reason });
    this.#lost ??= lost;
    watchdog.stop();
    for (const reject of this.#open.values()) reject(lost);
    return lost;
  }
}

const isTheLoss = (error: unknown, lost: HostError | undefined): boolean =>
  lost !== undefined && error === lost;

/** A result read once, so that no getter of it runs later. Whether it is right, the router looks. */
function ownFields<K extends Operation['kind']>(kind: K, result: Runs[K][1]): Runs[K][1] {
  if (kind === 'resample') return { data: (result as Resampled | undefined)?.data } as Runs[K][1];
  const { value, samples, derivative, details } = (result ?? {}) as Measured;
  return {
    ...{ value, samples },
    ...(derivative === undefined ? {} : { derivative }),
    ...(details === undefined ? {} : { details }),
  } as Runs[K][1];
}
