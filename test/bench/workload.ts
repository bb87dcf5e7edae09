import type { Boundary, IndexMap, Interpolator } from '@voxhost/sdk';

/** One named thing to time, on an n x n x n float32 volume; the names are those that other programs are timed under. */
export interface Workload {
  readonly name: string;
  readonly interpolator: Interpolator;
  /** Absent: zero outside, as ITK's resampler. */
  readonly boundary?: Boundary;
  /** A new object for each run, so that what is copied for a map is copied in every run. */
  readonly map: (n: number) => IndexMap;
}
