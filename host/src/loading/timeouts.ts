import type { BackendLimits } from './process/process-backend.js';

/** How long the host waits for a plugin, in milliseconds. */
export interface Timeouts {
  /** Import of the module and its activation, each. */
  readonly init: number;
  /** Disposal, after which the plugin is given up. */
  readonly dispose: number;
}

/** Generous, since a first activation may compile kernels. */
export const DEFAULT_TIMEOUTS: Timeouts = { init: 30_000, dispose: 5_000 };

/** Those that the host was given, else the usual ones. */
export const timeoutsWith = ({ initMs, disposeMs }: Partial<BackendLimits>): Timeouts => ({
  init: initMs ?? DEFAULT_TIMEOUTS.init,
  dispose: disposeMs ?? DEFAULT_TIMEOUTS.dispose,
});
