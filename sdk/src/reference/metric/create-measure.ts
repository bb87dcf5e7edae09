import type { Metric } from '../../operation.js';
import { type MetricOptions, metricOptions } from '../../runs/metric-options.js';
import { dice } from './dice.js';
import { labelOverlap } from './label-overlap.js';
import { localNormalizedCorrelation } from './local-normalized-correlation.js';
import { mattesMutualInformation } from './mattes-mutual-information.js';
import { meanSquares } from './mean-squares.js';
import type { Measure } from './measure.js';
import { normalizedCorrelation } from './normalized-correlation.js';

/** How each metric is made ready from its options. */
const MEASURES: {
  readonly [name: string]: (operation: Metric, options: MetricOptions) => Measure;
} = {
  'mean-squares': () => meanSquares,
  'normalized-correlation': () => normalizedCorrelation,
  'mattes-mutual-information': (operation, { bins }) => mattesMutualInformation(operation, bins),
  'local-normalized-correlation': (_, { radius }) => localNormalizedCorrelation(radius),
  dice: () => dice,
  'label-overlap': () => labelOverlap,
};

/** The metrics that the reference has. */
export const METRIC_NAMES: readonly string[] = Object.keys(MEASURES);

/** Throws `BAD_ARGUMENT` for options that the metric does not have. */
export function createMeasure(operation: Metric): Measure {
  return MEASURES[operation.name](operation, metricOptions(operation));
}
