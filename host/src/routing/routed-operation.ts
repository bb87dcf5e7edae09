import {
  type Backend,
  type IndexMap,
  type Operation,
  type Prepared,
  type Runs,
  VoxhostError,
} from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { requireMemory } from './admission.js';
import type { BackendPool } from './backend-pool.js';
import { checkResult } from './check-result.js';
import { failedAttempt, isBackendLost, isCallersFault } from './failure.js';
import { guardRun } from './guard-run.js';
import { orAborted } from './or-aborted.js';
import type { Ranked } from './rank.js';
import { describeOperation } from './refusal.js';
import type { Attempt, Provenance, Routed, RoutedPrepared } from './router.js';

/** What the route of one operation needs: who may serve, in order, and where backends come from. */
export interface RouteServices {
  readonly pool: BackendPool;
  readonly warn: (text: string) => void;
  /** May a metric go on elsewhere when its backend is lost? Its last bits then differ. */
  readonly replayMetric: boolean;
  /** Time that failed attempts may cost, in milliseconds; after that nobody else is tried. */
  readonly budgetMs: number;
  /** Memory that this machine has left, in bytes. */
  readonly availableMemory: () => number;
}

/** The backend that serves at present. */
interface Seat<K extends Operation['kind']> {
  readonly ranked: Ranked;
  readonly backend: Backend;
  readonly prepared: Prepared<K>;
  /** Milliseconds it took to get here. */
  readonly prepareMs: number;
}

type Answer<K extends Operation['kind']> = Routed<Runs[K][1]>;

/**
 * One operation, on one backend at a time. When that one fails, a resample is prepared and run again on
 * the next from the host's own references to source and map; a metric rejects with `BACKEND_LOST`.
 */
export class RoutedOperation<O extends Operation> implements RoutedPrepared<O['kind']> {
  readonly #operation: O;
  readonly #services: RouteServices;
  readonly #waiting: Ranked[];
  readonly #attempts: Attempt[] = [];
  #seat: Promise<Seat<O['kind']>>;
  #serving: string;
  /** The seat that runs go to; undefined while the route moves on. */
  #current: Seat<O['kind']> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #isDisposed = false;

  private constructor(operation: O, order: readonly Ranked[], services: RouteServices) {
    this.#operation = operation;
    this.#services = services;
    this.#waiting = [...order];
    this.#serving = order[0]?.candidate.name ?? 'none';
    this.#seat = Promise.reject(new Error('not opened'));
    this.#seat.catch(() => undefined);
  }

  /** Prepares on the first candidate that can; rejects with `BACKENDS_FAILED` or `NO_BACKEND` when none could. */
  static async open<O extends Operation>(
    operation: O,
    order: readonly Ranked[],
    services: RouteServices,
    signal?: AbortSignal,
  ): Promise<RoutedOperation<O>> {
    const route = new RoutedOperation(operation, order, services);
    route.#seat = route.#advance(signal);
    await route.#seat;
    return route;
  }

  get backend(): string {
    return this.#serving;
  }

  /** Answers come in call order, also when the backend changes in between. */
  run(map: IndexMap, run: Runs[O['kind']][0]): Promise<Answer<O['kind']>> {
    const mine = this.#runWithFailover(map, run);
    const before = this.#tail;
    const answer = before.then(() => mine);
    mine.catch(() => undefined);
    this.#tail = answer.catch(() => undefined);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const seat = await this.#seat.catch(() => undefined);
    if (seat === undefined) return;
    // A result that the caller has is not to be lost because its backend cannot clear up.
    const error = await disposeQuietly(seat.prepared);
    if (error !== undefined)
      this.#services.warn(`${seat.ranked.candidate.name} failed to dispose: ${String(error)}`);
  }

  async #runWithFailover(map: IndexMap, run: Runs[O['kind']][0]): Promise<Answer<O['kind']>> {
    for (;;) {
      if (this.#isDisposed) throw new VoxhostError('DISPOSED', { what: 'the prepared operation' });
      const seat = await orAborted(this.#seat, run.signal);
      const started = performance.now();
      try {
        const guarded = guardRun(this.#operation, run);
        const result = await seat.prepared.run(map, guarded.run);
        checkResult(seat.ranked.candidate.id, this.#operation, map, { run: guarded.run, result });
        guarded.check(seat.ranked.candidate.id);
        return { ...result, provenance: this.#provenance(seat, performance.now() - started) };
      } catch (error) {
        if (this.#isDisposed || isCallersFault(error, run.signal)) throw error;
        this.#leave(seat, performance.now() - started, error);
        if (this.#operation.kind === 'metric' && !this.#services.replayMetric)
          throw this.#lost(seat, error);
      }
    }
  }

  /** Moves on from a seat that failed; several queued runs may report the same seat, only the first moves. */
  #leave(seat: Seat<O['kind']>, ms: number, error: unknown): void {
    const failed = seat.ranked.candidate;
    if (this.#current !== seat) return;
    this.#current = undefined;
    this.#serving = this.#waiting[0]?.candidate.name ?? 'none';
    this.#note(failed.name, ms, error);
    const left = this.#close(seat, error);
    this.#seat = left.then(() => this.#advance());
    this.#seat.catch(() => undefined);
  }

  async #close(seat: Seat<O['kind']>, error: unknown): Promise<void> {
    const { id } = seat.ranked.candidate;
    if (isBackendLost(error)) await this.#services.pool.discard(id, seat.backend);
    else await disposeQuietly(seat.prepared);
  }

  async #advance(signal?: AbortSignal): Promise<Seat<O['kind']>> {
    let last: unknown;
    while (!this.#isBudgetSpent()) {
      const ranked = this.#waiting.shift();
      if (ranked === undefined) break;
      const started = performance.now();
      try {
        const ready = await this.#prepareOn(ranked, signal);
        this.#serving = ranked.candidate.name;
        this.#current = { ranked, ...ready, prepareMs: performance.now() - started };
        return this.#current;
      } catch (error) {
        if (isCallersFault(error, signal)) throw error;
        last = error;
        this.#note(ranked.candidate.name, performance.now() - started, error);
      }
    }
    throw this.#exhausted(last);
  }

  async #prepareOn(
    { candidate }: Ranked,
    signal?: AbortSignal,
  ): Promise<Pick<Seat<O['kind']>, 'backend' | 'prepared'>> {
    const { pool, availableMemory } = this.#services;
    const { id, name } = candidate;
    const backend = await orAborted(pool.acquire(candidate), signal);
    const support = backend.supports(this.#operation);
    if (!support.ok) {
      const { axis, reason } = support;
      throw new VoxhostError('UNSUPPORTED', { backend: name, axis, reason });
    }
    requireMemory(name, support, availableMemory());
    try {
      return { backend, prepared: await backend.prepare(this.#operation, signal) };
    } catch (error) {
      if (isBackendLost(error)) await pool.discard(id, backend);
      throw error;
    }
  }

  /** Cascades end: a call is not kept waiting for one failure after another. */
  #isBudgetSpent(): boolean {
    const lost = this.#attempts.reduce((sum, { ms }) => sum + ms, 0);
    return lost > this.#services.budgetMs;
  }

  #note(backend: string, ms: number, error: unknown): void {
    const attempt = failedAttempt(backend, ms, error);
    this.#attempts.push(attempt);
    const next = this.#waiting[0]?.candidate.name;
    const then = next === undefined ? 'nobody is left to take over' : `${next} takes over`;
    this.#services.warn(`${backend} failed (${attempt.error?.message}); ${then}`);
  }

  #exhausted(cause: unknown): HostError {
    const operation = describeOperation(this.#operation);
    const tried = this.#attempts.map((a) => `${a.backend}: ${a.error?.message}`).join('; ');
    const spent = `the ${this.#services.budgetMs} ms for failures are spent`;
    const text = this.#waiting.length > 0 ? `${tried}; ${spent}` : tried;
    if (this.#attempts.every((a) => a.error?.code === 'UNSUPPORTED')) {
      const remedy = 'choose another backend, or change the interpolator, boundary or pixel type';
      return new HostError('NO_BACKEND', { operation, reason: text, remedy }, cause);
    }
    return new HostError('BACKENDS_FAILED', { operation, attempts: text }, cause);
  }

  #lost(seat: Seat<O['kind']>, cause: unknown): HostError {
    const backend = seat.ranked.candidate.name;
    return new HostError('BACKEND_LOST', { backend, next: this.#serving }, cause);
  }

  #provenance(seat: Seat<O['kind']>, ms: number): Provenance {
    const { name, version } = seat.ranked.candidate;
    const { prepareMs, ranked } = seat;
    const predictedMs = ranked.prediction.totalMs;
    const served: Attempt = { backend: name, outcome: 'served', ms, prepareMs, predictedMs };
    return { backend: name, version, attempts: [...this.#attempts, served] };
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
