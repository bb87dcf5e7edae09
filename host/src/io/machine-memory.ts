import { totalmem } from 'node:os';

/** Bytes that this machine, or the container around us, has. */
export function machineMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0; // 0 or enormous where there is none
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
