import type { Boundary } from '../boundary.js';
import { VoxhostError } from '../errors.js';
import { voxelCount } from '../grid.js';
import type { Image } from '../image.js';
import type { IndexMap } from '../index-map.js';
import { INTERPOLATORS } from '../interpolator.js';
import { sampleCount } from '../map/locate-all.js';
import { requireMap } from '../map/map-problem.js';
import type { Metric } from '../operation.js';
import type { MetricRun, Samples } from '../run.js';
import { requireFinite } from './check-resample.js';

/** What a metric's images are worth where they are not: no sample there is valid. */
export const METRIC_BOUNDARY: Boundary = { kind: 'buffer', value: Number.NaN };

/**
 * Throws `BAD_ARGUMENT` when the images or masks of a metric do not belong together, and `BAD_IMAGE` when a
 * B-spline is to be prepared from an image that is not finite.
 */
export function requireMetric(operation: Metric): void {
  const { fixed, moving, fixedMask, movingMask } = operation;
  if (fixed.grid.size.length !== moving.grid.size.length) {
    refuse(
      'moving',
      `has ${moving.grid.size.length} dimensions, the fixed ${fixed.grid.size.length}`,
    );
  }
  if (fixed.channels !== moving.channels) {
    refuse('moving', `has ${moving.channels} channels, the fixed image ${fixed.channels}`);
  }
  requireMask('fixedMask', fixedMask, fixed);
  requireMask('movingMask', movingMask, moving);
  for (const argument of ['fixedInterpolator', 'movingInterpolator'] as const) {
    const name = operation[argument];
    if (!INTERPOLATORS.includes(name)) refuse(argument, `is "${name}", no interpolator`);
  }
  requireFinite(moving, operation.movingInterpolator);
  if (operation.demand.samples === 'points') requireFinite(fixed, operation.fixedInterpolator);
}

function requireMask(argument: string, mask: Image | undefined, image: Image): void {
  if (mask === undefined) return;
  const [has, needs] = [`[${mask.grid.size}]`, `[${image.grid.size}]`];
  if (has !== needs) refuse(argument, `has size ${has}, its image ${needs}`);
}

/** Which samples a checked run looks at, and how many they are. */
export interface MetricShape {
  readonly samples: Samples;
  readonly count: number;
}

/** Throws `BAD_ARGUMENT` for a map or points that do not fit the operation or each other. */
export function requireMetricRun(operation: Metric, map: IndexMap, run: MetricRun): MetricShape {
  const { size } = operation.fixed.grid;
  requireMap(map, size.length);
  if (run.derivative && !operation.derivative) {
    refuse('derivative', 'was not announced when the metric was prepared');
  }
  const samples: Samples = run.points === undefined ? { size } : { points: run.points };
  const count = run.points === undefined ? voxelCount(size) : sampleCount(samples, size.length);
  if (map.kind === 'points' && map.positions.length !== count * size.length) {
    refuse('map', `has ${map.positions.length / size.length} positions for ${count} samples`);
  }
  return { samples, count };
}

function refuse(argument: string, reason: string): never {
  throw new VoxhostError('BAD_ARGUMENT', { argument, reason });
}
