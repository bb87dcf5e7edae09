import { VoxhostError } from '../../errors.js';
import type { Json } from '../../json.js';
import type { Metric } from '../../operation.js';
import { dice } from './dice.js';
import { labelOverlap } from './label-overlap.js';
import { localNormalizedCorrelation } from './local-normalized-correlation.js';
import { mattesMutualInformation } from './mattes-mutual-information.js';
import { meanSquares } from './mean-squares.js';
import type { Measure } from './measure.js';
import { normalizedCorrelation } from './normalized-correlation.js';

/** ITK's default. */
const DEFAULT_BINS = 50;
/** The padding's 4 and one that holds the range. */
const FEWEST_BINS = 5;

/** ANTs' usual 5 × 5 × 5. */
const DEFAULT_RADIUS = 2;

type Options = { readonly [name: string]: Json };

/** How each metric is made ready from its options. */
const MEASURES: { readonly [name: string]: (operation: Metric, options: Options) => Measure } = {
  'mean-squares': (_, options) => plain(meanSquares, options),
  'normalized-correlation': (_, options) => plain(normalizedCorrelation, options),
  'mattes-mutual-information': (operation, { bins = DEFAULT_BINS, ...rest }) => {
    if (typeof bins !== 'number' || !Number.isInteger(bins) || bins < FEWEST_BINS) {
      refuse(`has bins ${JSON.stringify(bins)}, no whole number of at least ${FEWEST_BINS}`);
    }
    return plain(mattesMutualInformation(operation, bins), rest);
  },
  'local-normalized-correlation': (operation, { radius = DEFAULT_RADIUS, ...rest }) =>
    plain(localNormalizedCorrelation(radiusOf(radius, operation.fixed.grid.size.length)), rest),
  dice: (_, options) => plain(dice, options),
  'label-overlap': (_, options) => plain(labelOverlap, options),
};

/** The metrics that the reference has. */
export const METRIC_NAMES: readonly string[] = Object.keys(MEASURES);

/** Throws `BAD_ARGUMENT` for options that the metric does not have. */
export function createMeasure(operation: Metric): Measure {
  const { name, options } = operation;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return refuse(`are ${JSON.stringify(options)}, no object`);
  }
  return MEASURES[name](operation, options as Options);
}

function plain(measure: Measure, rest: Options): Measure {
  const [unknown] = Object.keys(rest);
  return unknown === undefined ? measure : refuse(`have "${unknown}", which the metric has not`);
}

/** One radius for all axes, or one each. */
function radiusOf(radius: Json, dims: number): readonly number[] {
  const all = Array.isArray(radius) ? radius : Array<Json>(dims).fill(radius);
  const isRadius = (r: Json): r is number => typeof r === 'number' && Number.isInteger(r) && r >= 0;
  if (all.length === dims && all.every(isRadius)) return all;
  return refuse(`have radius ${JSON.stringify(radius)}, not ${dims} whole numbers`);
}

function refuse(reason: string): never {
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'options', reason });
}
