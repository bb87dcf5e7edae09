import type { Workload } from '../workload.js';

/** Times of one operation on one backend, medians in milliseconds. */
export interface Measurement {
  readonly work: Workload;
  readonly prepareMs: number;
  /** Of a single run. */
  readonly runMs: number;
}
