import { totalmem } from 'node:os';
import { DEFAULT_TIMEOUTS } from '../timeouts.js';
import type { BackendLimits } from './process-backend.js';

/** Of this machine's memory, the part that one child may hold. */
const RESIDENT_SHARE = 0.75;

/** Calls may take twenty times what is predicted, since predictions are priors until calibrated, and 30 s in any case. */
export const readDefaultLimits = (): BackendLimits => ({
  initMs: DEFAULT_TIMEOUTS.init,
  callFloorMs: 30_000,
  callFactor: 20,
  cancelMs: 10_000,
  disposeMs: DEFAULT_TIMEOUTS.dispose,
  idleMs: 300_000,
  residentBytes: Math.floor(totalmem() * RESIDENT_SHARE),
});
