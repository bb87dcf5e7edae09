import type { Json } from './json.js';
import type { Pixels } from './pixel-type.js';

/**
 * Where to sample: the output voxels from `start` to below `start + size` (size at least 1, start by default 0;
 * a block is bit-equal to its part of the whole), or N points of the output index space (x y z, ...).
 */
export type Samples =
  | { readonly size: readonly number[]; readonly start?: readonly number[] }
  | { readonly points: Float64Array };

/** What every run takes. */
export interface RunOptions {
  /** An aborted run rejects with the signal's reason and leaves the Prepared usable. */
  readonly signal?: AbortSignal;
  /** Called with 0 to 1, never after the run has settled. */
  readonly progress?: (fraction: number) => void;
}

/** What a run of a resample takes. */
export interface ResampleRun extends RunOptions {
  readonly samples: Samples;
  /** The caller's buffer, of the right type and length; becomes `Resampled.data`; never the source's memory; undefined content after a rejection. */
  readonly into?: Pixels;
}

/** What a run of a metric takes. */
export interface MetricRun extends RunOptions {
  /** Fixed index space; absent: every voxel of the fixed grid. */
  readonly points?: Float64Array;
  /** By the map's free parameters; only where it was announced by the operation. */
  readonly derivative: boolean;
  /** What varies between runs: seed, channel subset, layer scales. */
  readonly options?: Json;
}

/** What a run of a resample gives. */
export interface Resampled {
  /** Planes of one value per sample: C values, and with gradient C d/dx, C d/dy, C d/dz per input index. */
  readonly data: Pixels;
}

/** What a run of a metric gives. */
export interface Measured {
  /** Minimised; a mean over valid samples; NaN when `samples` is 0. */
  readonly value: number;
  /** Samples that were valid: inside both masks and the moving buffer, and finite. */
  readonly samples: number;
  /** Shaped as the map's free parameters: matrix, lattice data or positions. A sequence has none: the host pulls back. */
  readonly derivative?: Float64Array;
  /** The plain figure, of all channels and of each, and what the metric tells besides. */
  readonly details?: Json;
}

/** What a run of each kind of operation takes and gives. */
export interface Runs {
  readonly resample: readonly [ResampleRun, Resampled];
  readonly metric: readonly [MetricRun, Measured];
}
