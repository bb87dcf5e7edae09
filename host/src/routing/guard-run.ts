import { allocatePixels, type Resample, type ResampleRun } from '@voxhost/sdk';
import { poison, unwritten } from '../loading/process/guarded-output.js';
import { outputLength } from '../loading/process/output-length.js';

/** A resample's run as a backend gets it, and a look at what it left unwritten. */
export interface GuardedRun {
  readonly run: ResampleRun;
  /** The first part of the output that still has the pattern which stood there before, in words. */
  problem(): string | undefined;
}

/**
 * Gives a run that fits a buffer with a pattern in it: the caller's, whose content is undefined anyhow until the run
 * succeeds, or a new one.
 */
export function guardRun(operation: Resample, run: ResampleRun): GuardedRun {
  const into = run.into ?? allocatePixels(operation.pixelType, outputLength(operation, run));
  poison(into);
  return { run: { ...run, into }, problem: () => unwritten(into) };
}
