import { VoxhostError } from '../errors.js';
import type { Json } from '../json.js';
import type { Metric } from '../operation.js';
import type { MetricRun } from '../run.js';

/** ITK's default. */
const DEFAULT_BINS = 50;
/** The padding's 4 and one that holds the range. */
const FEWEST_BINS = 5;

/** ANTs' usual 5 × 5 × 5. */
const DEFAULT_RADIUS = 2;

/** What the options of the sdk's own metrics say, defaults filled in. */
export interface MetricOptions {
  /** Bins per image of mattes-mutual-information, padding included; default 50, at least 5. */
  readonly bins: number;
  /** Voxels on either side per axis of local-normalized-correlation, from one number or one per axis; default 2. */
  readonly radius: readonly number[];
}

/** Throws `BAD_ARGUMENT` for options that the metric does not have. */
export function metricOptions(operation: Metric): MetricOptions {
  const { name, options, fixed } = operation;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return refuse(`is ${JSON.stringify(options)}, no object`);
  }
  const { bins = DEFAULT_BINS, radius = DEFAULT_RADIUS } = options as { [name: string]: Json };
  const own = { 'mattes-mutual-information': 'bins', 'local-normalized-correlation': 'radius' };
  const known: string | undefined = own[name as keyof typeof own];
  const unknown = Object.keys(options).find((option) => option !== known);
  if (unknown !== undefined) refuse(`has "${unknown}", which the metric has not`);
  return { bins: binsOf(bins), radius: radiusOf(radius, fixed.grid.size.length) };
}

function binsOf(bins: Json): number {
  if (typeof bins === 'number' && Number.isInteger(bins) && bins >= FEWEST_BINS) return bins;
  return refuse(`has bins ${JSON.stringify(bins)}, no whole number of at least ${FEWEST_BINS}`);
}

/** One radius for all axes, or one each. */
function radiusOf(radius: Json, dims: number): readonly number[] {
  const all = Array.isArray(radius) ? radius : Array<Json>(dims).fill(radius);
  const isRadius = (r: Json): r is number => typeof r === 'number' && Number.isInteger(r) && r >= 0;
  if (all.length === dims && all.every(isRadius)) return all;
  return refuse(`has radius ${JSON.stringify(radius)}, not ${dims} whole numbers`);
}

/** Throws `BAD_ARGUMENT` when a run of a metric that varies nothing between runs brings options. */
export function requireNoRunOptions({ options }: MetricRun): void {
  const isEmpty =
    options === undefined ||
    (typeof options === 'object' && options !== null && Object.keys(options).length === 0);
  if (isEmpty) return;
  refuse(`is ${JSON.stringify(options)}; this metric varies nothing between runs`);
}

function refuse(reason: string): never {
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'options', reason });
}
