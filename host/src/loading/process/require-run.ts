import {
  type IndexMap,
  type MetricRun,
  type Operation,
  type ResampleRun,
  requireMetricRun,
  requireResampleRun,
} from '@voxhost/sdk';
import {
  callback,
  flag,
  having,
  json,
  optional,
  requireArgument,
  signal,
} from '@voxhost/sdk/arguments';

/** What runs of both kinds may say beside their arguments: a signal and a callback, or nothing. */
const OPTIONS = { signal: optional(signal), progress: optional(callback) };
const RESAMPLE_RUN = having(OPTIONS);
const METRIC_RUN = having({ ...OPTIONS, derivative: flag, options: optional(json) });

/**
 * Throws `BAD_ARGUMENT` for a map, samples or buffer that do not fit the operation or each other, so that a plugin
 * is not asked what no plugin could answer, and not believed where it says so of others.
 */
export function requireRun(
  operation: Operation,
  map: IndexMap,
  run: ResampleRun | MetricRun,
): void {
  requireArgument('run', run, operation.kind === 'resample' ? RESAMPLE_RUN : METRIC_RUN);
  if (operation.kind === 'resample') requireResampleRun(operation, map, run as ResampleRun);
  else requireMetricRun(operation, map, run as MetricRun);
}
