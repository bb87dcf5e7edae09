import type { IndexMap, Metric, MetricRun } from '@voxhost/sdk';
import type { Random } from './random.js';

/**
 * A run that names no points, with so many drawn: anywhere between the first and the last voxel of the fixed image,
 * each place as likely. Without a number it goes over every voxel, and positions have their samples already.
 */
export function withPoints(
  { fixed }: Metric,
  { samples, map }: { readonly samples: number | undefined; readonly map: IndexMap },
  run: MetricRun,
  random: Random,
): MetricRun {
  if (samples === undefined || run.points !== undefined || map.kind === 'points') return run;
  const { size } = fixed.grid;
  const points = Float64Array.from(
    { length: samples * size.length },
    (_, i) => random.uniform() * (size[i % size.length] - 1),
  );
  return { ...run, points };
}
