import type { IndexMap, Metric, MetricRun, Resample, Samples } from '@voxhost/sdk';

/** One run of a prepared operation, told apart by its name. */
export interface ResampleTrial {
  readonly name: string;
  readonly operation: Resample;
  readonly map: IndexMap;
  readonly samples: Samples;
}

export interface MetricTrial {
  readonly name: string;
  readonly operation: Metric;
  readonly map: IndexMap;
  readonly run: MetricRun;
}
