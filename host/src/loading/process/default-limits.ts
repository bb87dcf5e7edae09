import { totalmem } from 'node:os';
import type { BackendLimits } from './process-backend.js';

/** Of this machine's memory, the part that one child may hold. */
const RESIDENT_SHARE = 0.75;

/** Plugin-host.md B.12: 30 s to start, calls twenty times their prediction and at least 30 s. */
export const readDefaultLimits = (): BackendLimits => ({
  initMs: 30_000,
  callFloorMs: 30_000,
  callFactor: 20,
  cancelMs: 10_000,
  disposeMs: 5_000,
  idleMs: 300_000,
  residentBytes: Math.floor(totalmem() * RESIDENT_SHARE),
});
