import {
  type IndexMap,
  type MetricRun,
  type Operation,
  type ResampleRun,
  requireMetricRun,
  requireResampleRun,
} from '@voxhost/sdk';

/**
 * Throws `BAD_ARGUMENT` for a map, samples or buffer that do not fit the operation or each other, so that a plugin
 * is not asked what no plugin could answer, and not believed where it says so of others.
 */
export function requireRun(
  operation: Operation,
  map: IndexMap,
  run: ResampleRun | MetricRun,
): void {
  if (operation.kind === 'resample') requireResampleRun(operation, map, run as ResampleRun);
  else requireMetricRun(operation, map, run as MetricRun);
}
