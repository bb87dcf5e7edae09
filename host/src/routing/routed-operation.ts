import { type Backend, type IndexMap, type Operation, type Runs, VoxhostError } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { BackendPool } from '../loading/backend-pool.js';
import { requireRun } from '../loading/process/require-run.js';
import { withProgress } from '../progress.js';
import { admit } from './admission.js';
import { type Asked, askBackend } from './ask-backend.js';
import { allBlameCaller, blamesCaller, failedAttempt, isBackendLost, isTheEnd } from './failure.js';
import { found, operationProblem, requireImages } from './operation-problem.js';
import { orAborted } from './or-aborted.js';
import type { Ranked } from './rank.js';
import { describeOperation } from './refusal.js';
import type { Attempt, Provenance, Routed, RoutedPrepared } from './router.js';
import type { WaitGraph } from './waits.js';

/** What the route of one operation needs: who may serve, in order, and where backends come from. */
export interface RouteServices {
  readonly pool: BackendPool;
  readonly warn: (text: string) => void;
  /** Is told how long it took on who served, preparation and all the demanded runs. */
  readonly note?: (candidate: Ranked['candidate'], ms: number) => void;
  /** May a metric go on elsewhere when its backend is lost? Its last bits then differ. */
  readonly replayMetric: boolean;
  /** Time that failed attempts may cost, in milliseconds; after that nobody else is tried. */
  readonly budgetMs: number;
  /** Memory that this machine has left, in bytes. */
  readonly availableMemory: () => number;
  /** Who waits for whom, over all routes of the host. */
  readonly waits: WaitGraph;
  /** The plugin that asks; absent: the user. */
  readonly asker?: string | undefined;
}

/** The backend that serves at present. */
interface Seat<O extends Operation> extends Asked<O> {
  readonly ranked: Ranked;
  readonly backend: Backend;
  /** Milliseconds it took to get here. */
  readonly prepareMs: number;
}

/** A run that went wrong. */
interface Failed<O extends Operation> {
  readonly seat: Seat<O>;
  readonly ms: number;
  readonly error: unknown;
}

type Answer<K extends Operation['kind']> = Routed<Runs[K][1]>;

/**
 * One operation, on one backend at a time. When that one fails, a resample is prepared and run again on
 * the next from the host's own references to source and map; a metric rejects with `BACKEND_LOST`.
 */
export class RoutedOperation<O extends Operation> implements RoutedPrepared<O['kind']> {
  readonly #operation: O;
  readonly #services: RouteServices;
  readonly #queue: Ranked[];
  readonly #attempts: Attempt[] = [];
  #seat: Promise<Seat<O>>;
  #serving: string;
  /** The first error by which a backend blamed the call. */
  #refusal: unknown;
  /** The seat that runs go to; undefined while the route moves on. */
  #current: Seat<O> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #disposal: Promise<void> | undefined;
  /** Of the move to the next backend, for when nobody waits for that any more; undefined while none had to move. */
  #moving: AbortController | undefined;

  private constructor(
    operation: O,
    order: readonly Ranked[],
    services: RouteServices,
    signal: AbortSignal | undefined,
  ) {
    this.#operation = operation;
    this.#services = services;
    this.#queue = [...order];
    this.#serving = order[0]?.candidate.name ?? 'none';
    this.#seat = this.#advance(signal);
  }

  /** Prepares on the first candidate that can; rejects with `BACKENDS_FAILED` or `NO_BACKEND` when none could. */
  static async open<O extends Operation>(
    operation: O,
    order: readonly Ranked[],
    services: RouteServices,
    signal?: AbortSignal,
  ): Promise<RoutedOperation<O>> {
    const route = new RoutedOperation(operation, order, services, signal);
    await route.#seat;
    return route;
  }

  get backend(): string {
    return this.#serving;
  }

  /** Answers come in call order, also when the backend changes in between. */
  run(map: IndexMap, run: Runs[O['kind']][0]): Promise<Answer<O['kind']>> {
    const mine = this.#runGuarded(map, run);
    const before = this.#tail;
    const answer = before.then(() => mine);
    mine.catch(() => undefined);
    this.#tail = answer.catch(() => undefined);
    return answer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#moving?.abort(disposed());
    const seat = await this.#seat.catch(() => undefined);
    if (seat === undefined) return;
    // A result that the caller has is not to be lost because its backend cannot clear up.
    const error = await disposeQuietly(seat.prepared);
    if (error !== undefined)
      this.#services.warn(`${seat.ranked.candidate.name} failed to dispose: ${String(error)}`);
  }

  async #runGuarded(map: IndexMap, run: Runs[O['kind']][0]): Promise<Answer<O['kind']>> {
    if (this.#disposal !== undefined) throw disposed();
    this.#services.pool.ending.throwIfAborted();
    requireRun(this.#operation, map, run);
    return withProgress(run, (guarded) => this.#runWithFailover(map, guarded));
  }

  async #runWithFailover(map: IndexMap, run: Runs[O['kind']][0]): Promise<Answer<O['kind']>> {
    for (;;) {
      if (this.#disposal !== undefined) throw disposed();
      const seat = await orAborted(this.#seat, run.signal);
      const started = performance.now();
      try {
        const result = await this.#waiting(seat.ranked, () => askBackend(seat, map, run));
        return { ...result, provenance: this.#provenance(seat, performance.now() - started) };
      } catch (error) {
        const check = () => {
          requireImages(this.#operation);
          requireRun(this.#operation, map, run);
        };
        this.#moveOn({ seat, ms: performance.now() - started, error }, check, run.signal);
      }
    }
  }

  /** Throws where a failed run is over; else the next seat is to be asked. `check` finds what the caller changed since. */
  #moveOn({ seat, ms, error }: Failed<O>, check: () => void, signal?: AbortSignal): void {
    if (this.#isFinal(error, signal)) throw error;
    this.#services.pool.ending.throwIfAborted();
    const changed = found(check);
    if (changed === undefined || isBackendLost(error)) this.#leave(seat, ms, error);
    if (changed !== undefined) throw changed;
    if (this.#isMetric && !this.#services.replayMetric) throw this.#lost(seat, error);
  }

  /** Is this run over, and the backend as good as before? Options of a metric, only its backend knows. */
  #isFinal(error: unknown, signal: AbortSignal | undefined): boolean {
    return (
      this.#disposal !== undefined ||
      isTheEnd(error, signal) ||
      (this.#isMetric && blamesCaller(error))
    );
  }

  get #isMetric(): boolean {
    return this.#operation.kind === 'metric';
  }

  /** While a plugin waits for another, that is known. */
  #waiting<T>({ candidate }: Ranked, work: () => Promise<T>): Promise<Awaited<T>> {
    const { waits, asker } = this.#services;
    return waits.during(asker, candidate.id, work);
  }

  /** Moves on from a seat that failed; several queued runs may report the same seat, only the first moves. */
  #leave(seat: Seat<O>, ms: number, error: unknown): void {
    const failed = seat.ranked.candidate;
    if (this.#current !== seat) return;
    this.#current = undefined;
    this.#serving = this.#queue[0]?.candidate.name ?? 'none';
    this.#note(failed.name, ms, error);
    const left = this.#close(seat, error);
    this.#moving ??= new AbortController();
    const { signal } = this.#moving;
    this.#seat = left.then(() => this.#advance(signal));
    this.#seat.catch(() => undefined);
  }

  async #close(seat: Seat<O>, error: unknown): Promise<void> {
    const { id } = seat.ranked.candidate;
    if (isBackendLost(error)) await this.#services.pool.discard(id, seat.backend);
    else await disposeQuietly(seat.prepared);
  }

  async #advance(signal?: AbortSignal): Promise<Seat<O>> {
    let last: unknown;
    while (!this.#isBudgetSpent()) {
      const ranked = this.#queue.shift();
      if (ranked === undefined) break;
      const started = performance.now();
      try {
        const ready = await this.#waiting(ranked, () => this.#prepareOn(ranked, signal));
        this.#serving = ranked.candidate.name;
        this.#current = { ranked, ...ready, prepareMs: performance.now() - started };
        return this.#current;
      } catch (error) {
        if (isTheEnd(error, signal)) throw error;
        this.#services.pool.ending.throwIfAborted();
        const problem = this.#problemBehind(error);
        if (problem !== undefined) throw problem;
        last = error;
        this.#note(ranked.candidate.name, performance.now() - started, error);
      }
    }
    throw this.#exhausted(last);
  }

  async #prepareOn(
    { candidate }: Ranked,
    signal?: AbortSignal,
  ): Promise<Asked<O> & { readonly backend: Backend }> {
    const { pool, availableMemory } = this.#services;
    const { id, name } = candidate;
    const backend = await orAborted(pool.acquire(id), signal);
    requireImages(this.#operation); // while the plugin started, the caller may have given them away
    const admitted = admit(backend, this.#operation, availableMemory());
    if (admitted.mostSamples !== undefined)
      this.#services.warn(
        `${name} runs in blocks of ${admitted.mostSamples} samples, for want of memory`,
      );
    const broken = (reason: string) => this.#broken(id, reason);
    try {
      const prepared = await wanted(backend.prepare(admitted.operation, signal), signal);
      return { ...admitted, backend, prepared, broken };
    } catch (error) {
      if (isBackendLost(error)) await pool.discard(id, backend);
      throw error;
    }
  }

  /** What is wrong with the call itself: what it lent may have been changed or given away since it was checked. */
  #problemBehind(error: unknown): unknown {
    const changed = found(() => requireImages(this.#operation));
    return changed ?? (blamesCaller(error) ? operationProblem(this.#operation) : undefined);
  }

  /** An answer that the plugin is to be held responsible for. */
  #broken(plugin: string, reason: string): HostError {
    const fault = { verdict: 'contract-violation', reason: `it ${reason}` } as const;
    this.#services.pool.blame(plugin, fault);
    return new HostError('PLUGIN_FAILED', { plugin, ...fault });
  }

  /** Cascades end: a call is not kept waiting for one failure after another. */
  #isBudgetSpent(): boolean {
    const lost = this.#attempts.reduce((sum, { ms }) => sum + ms, 0);
    return lost > this.#services.budgetMs;
  }

  #note(backend: string, ms: number, error: unknown): void {
    if (blamesCaller(error)) this.#refusal ??= error;
    const attempt = failedAttempt(backend, ms, error);
    this.#attempts.push(attempt);
    const next = this.#queue[0]?.candidate.name;
    const then = next === undefined ? 'nobody is left to take over' : `${next} takes over`;
    this.#services.warn(`${backend} failed (${attempt.error?.message}); ${then}`);
  }

  /** Nobody serves: the call was bad where all say so who could have served it, and they failed otherwise. */
  #exhausted(cause: unknown): unknown {
    if (allBlameCaller(this.#attempts)) return this.#refusal;
    const operation = describeOperation(this.#operation);
    const tried = this.#attempts.map((a) => `${a.backend}: ${a.error?.message}`).join('; ');
    const spent = `the ${this.#services.budgetMs} ms for failures are spent`;
    const text = this.#queue.length > 0 ? `${tried}; ${spent}` : tried;
    if (this.#attempts.every((a) => a.error?.code === 'UNSUPPORTED')) {
      const remedy = 'choose another backend, or change the interpolator, boundary or pixel type';
      return new HostError('NO_BACKEND', { operation, reason: text, remedy }, cause);
    }
    return new HostError('BACKENDS_FAILED', { operation, attempts: text }, cause);
  }

  #lost(seat: Seat<O>, cause: unknown): HostError {
    const backend = seat.ranked.candidate.name;
    return new HostError('BACKEND_LOST', { backend, next: this.#serving }, cause);
  }

  #provenance(seat: Seat<O>, ms: number): Provenance {
    const { name, version } = seat.ranked.candidate;
    const { prepareMs, ranked } = seat;
    const predictedMs = ranked.prediction.totalMs;
    this.#services.note?.(ranked.candidate, prepareMs + ms * this.#operation.demand.runs);
    const served: Attempt = { backend: name, outcome: 'served', ms, prepareMs, predictedMs };
    return { backend: name, version, attempts: [...this.#attempts, served] };
  }
}

const disposed = () => new VoxhostError('DISPOSED', { what: 'the prepared operation' });

/** What was prepared, or the signal's reason at once: a backend that does not heed it disposes what it then has. */
async function wanted<T extends AsyncDisposable>(
  preparing: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return await orAborted(preparing, signal);
  } catch (error) {
    if (signal?.aborted) preparing.then(disposeQuietly, () => undefined);
    throw error;
  }
}

/** The error of a disposal: a backend that failed may fail at this too, and nothing is lost by it. */
async function disposeQuietly(prepared: AsyncDisposable): Promise<unknown> {
  try {
    await prepared[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    return error;
  }
}
