import type { IndexMap, Operation, Runs } from '@voxhost/sdk';
import type { InjectionToken } from '../injection.js';
import type { Explanation } from './explanation.js';

/** What the user says of who may serve a call. */
export interface RouteSettings {
  /** Names or ids; one is required, several are an order of preference. Absent: the fastest predicted. */
  readonly backends?: readonly string[];
  /** May another than the named backends serve when they cannot? Default `never` when any is named, else `allow`. */
  readonly fallback?: 'allow' | 'never';
  /** Only backends that declare that the same call gives the same bits. Default false. */
  readonly deterministic?: boolean;
  /** Backends that must not be used, by id: a plugin that calls `context.prepare` is never routed back to itself. */
  readonly exclude?: readonly string[];
  /** Id of the plugin that asks, through its context: none that waits for it is asked in turn. Absent: the user. */
  readonly asker?: string;
  /** May a metric go on elsewhere when its backend is lost? Default `never`: the last bits of values would change. */
  readonly replay?: 'allow' | 'never';
  /** Time that backends may lose by failing before nobody else is tried, in milliseconds. Default five minutes. */
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
}

/** One backend that was tried for a call. */
export interface Attempt {
  readonly backend: string;
  readonly outcome: 'served' | 'failed';
  /** Measured, of this run. */
  readonly ms: number;
  /** Measured, from the choice of this backend until it was ready to run; where it served. */
  readonly prepareMs?: number;
  /** Predicted over all the demanded runs, start and preparation included; where it served. */
  readonly predictedMs?: number;
  /** Code and message of the error, where it failed. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** Who made a result: goes with every output. */
export interface Provenance {
  /** Name of the backend; `host` for exact copies. */
  readonly backend: string;
  readonly version: string;
  readonly attempts: readonly Attempt[];
}

/** A result, and who made it. */
export type Routed<T> = T & { readonly provenance: Provenance };

/** A Prepared that knows where it runs, and moves a resample on when its backend is lost. */
export interface RoutedPrepared<K extends Operation['kind']> extends AsyncDisposable {
  readonly backend: string;
  run(map: IndexMap, run: Runs[K][0]): Promise<Routed<Runs[K][1]>>;
}

/** Chooses a backend for an operation, activates it and prepares there. */
export interface Router {
  prepare<O extends Operation>(
    operation: O,
    settings?: RouteSettings,
  ): Promise<RoutedPrepared<O['kind']>>;
  /** The decision without carrying it out: nothing is loaded. */
  explain(operation: Operation, settings?: RouteSettings): Promise<Explanation>;
}

export const RouterToken: InjectionToken<Router> = Symbol('Router');
