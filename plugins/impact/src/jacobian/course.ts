import type { ContinuousMap, IndexMap, Metric, MetricRun } from '@voxhost/sdk';
import type { Layer } from '../combine.js';
import type { ImpactOptions, ImpactRunOptions } from '../options/options.js';
import type { Eye } from './eye.js';
import type { Samplers } from './samplers.js';

/** All that Jacobian mode keeps between runs. */
export interface Jacobian {
  readonly operation: Metric;
  readonly options: ImpactOptions;
  readonly eyes: readonly Eye[];
  readonly layers: readonly Layer[];
  readonly samplers: Samplers;
  readonly voxelsPerSample: number;
  /** Patches per run of a network. */
  readonly chunk: number;
}

/** One run in progress. */
export interface Course {
  readonly jacobian: Jacobian;
  readonly map: IndexMap;
  /** Where patches go. */
  readonly around: ContinuousMap;
  readonly run: MetricRun;
  readonly options: ImpactRunOptions;
  readonly channels: readonly (readonly number[])[];
  readonly sums: number[];
  samples: number;
  /** Σ over samples so far, by the map's free parameters. */
  readonly derivative: Float64Array | undefined;
}
