import type { Workload } from '../../cost/workload.js';

/** Times of one operation on one backend, the shortest seen, in milliseconds. */
export interface Measurement {
  readonly work: Workload;
  readonly prepareMs: number;
  /** Of a single run. */
  readonly runMs: number;
}

/** The shorter times of two looks at the same operation. */
export const shortest = (a: Measurement, b: Measurement): Measurement => ({
  work: a.work,
  prepareMs: Math.min(a.prepareMs, b.prepareMs),
  runMs: Math.min(a.runMs, b.runMs),
});
