import type { Backend } from '@voxhost/sdk';
import type { InjectionToken } from '../injection.js';
import type { Death } from './process/death.js';

/** Is a backend started? */
export interface Activity {
  readonly isActive: boolean;
  /** Milliseconds since it began to start; absent where it is active, or nobody asked it to start. */
  readonly startingForMs?: number;
}

/** Backends that are in use: each plugin is activated once, at its first call, and kept until the host closes. */
export interface BackendPool {
  /** Aborted by `close`, with `HOST_CLOSED`: what fails from then on fails for that. */
  readonly ending: AbortSignal;
  /** Rejects with a HostError `PLUGIN_FAILED` where the plugin cannot be activated; a later call tries again. */
  acquire(id: string): Promise<Backend>;
  /** Is it started, or for how long has it been at that? */
  activityOf(id: string): Activity;
  /**
   * Forgets a backend and ends it, so that the next call activates it anew. With `failed`, only that one: several
   * calls learn of one failure, and another may have taken its place.
   */
  discard(id: string, failed?: Backend): Promise<void>;
  /** What the router found wrong with an answer is held against the plugin. */
  blame(id: string, fault: Death): void;
  /** Disposes all; later calls reject with `HOST_CLOSED`. */
  close(): Promise<void>;
}

export const BackendPoolToken: InjectionToken<BackendPool> = Symbol('BackendPool');
