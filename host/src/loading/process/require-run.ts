import {
  type IndexMap,
  type MetricRun,
  mapProblem,
  type Operation,
  type ResampleRun,
  sampleCount,
  VoxhostError,
  voxelCount,
} from '@voxhost/sdk';

/**
 * Throws `BAD_ARGUMENT` for a map and samples that do not fit the operation or each other, so that a plugin is not
 * asked what no plugin could answer.
 */
export function requireRun(
  operation: Operation,
  map: IndexMap,
  run: ResampleRun | MetricRun,
): void {
  const { size } = operation.kind === 'resample' ? operation.source.grid : operation.fixed.grid;
  const dims = size.length;
  const reason = mapProblem(map, dims);
  if (reason !== undefined) throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
  const count = samplesOf(run, size);
  if (map.kind !== 'points' || map.positions.length === count * dims) return;
  throw new VoxhostError('BAD_ARGUMENT', {
    argument: 'map',
    reason: `has ${map.positions.length / dims} positions for ${count} samples`,
  });
}

function samplesOf(run: ResampleRun | MetricRun, size: readonly number[]): number {
  if ('samples' in run) return sampleCount(run.samples, size.length);
  const { points } = run;
  return points === undefined ? voxelCount(size) : sampleCount({ points }, size.length);
}
