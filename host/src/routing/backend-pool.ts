import type { Backend } from '@voxhost/sdk';
import type { Death } from '../loading/process/death.js';
import type { Candidate } from './candidate.js';

/** Backends that are in use: each candidate is activated once, at its first call, and kept until the host closes. */
export interface BackendPool {
  /** Rejects with a HostError `PLUGIN_FAILED` where the plugin cannot be activated; a later call tries again. */
  acquire(candidate: Candidate): Promise<Backend>;
  /** Is it started, or for how long has it been at that? */
  activityOf(id: string): Pick<Candidate, 'isActive' | 'startingForMs'>;
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
