import { VoxhostError } from '../../errors.js';
import type { IndexMap } from '../../index-map.js';
import type { Json } from '../../json.js';
import { zeroDerivative } from '../../map/evaluate.js';
import { sampleIndices, samplePositions } from '../../map/locate-all.js';
import type { Metric } from '../../operation.js';
import type { Measured, MetricRun } from '../../run.js';
import { type Breathe, createBreather } from '../../runs/breather.js';
import {
  METRIC_BOUNDARY,
  type MetricShape,
  requireMetric,
  requireMetricRun,
} from '../../runs/check-metric.js';
import { requireFinite } from '../../runs/check-resample.js';
import type { PreparedParts } from '../../runs/create-backend.js';
import { requireNoRunOptions } from '../../runs/metric-options.js';
import { createSampler, type Sampler } from '../sampler.js';
import { createMeasure } from './create-measure.js';
import { type Gathered, gather, type Readers, type Sites } from './gather.js';
import { mapDerivative } from './map-derivative.js';
import { countValid, type Judgement, type Measure } from './measure.js';
import { gridWindows, pointWindows, type Windows } from './windows.js';

export async function prepareMetric(
  operation: Metric,
  breathe: Breathe,
): Promise<PreparedParts<'metric'>> {
  requireMetric(operation);
  const measure = createMeasure(operation);
  const { fixed, moving, fixedInterpolator, movingInterpolator } = operation;
  const movingSampler = await createSampler(moving, movingInterpolator, METRIC_BOUNDARY, breathe);
  // On the grid every interpolator that interpolates has the voxel itself.
  const voxels = await createSampler(fixed, 'nearest', METRIC_BOUNDARY, breathe);
  let between: Sampler | undefined;
  const readersFor = async (run: MetricRun): Promise<Readers> => {
    if (run.points === undefined) return { fixed: voxels, moving: movingSampler };
    requireFinite(fixed, fixedInterpolator);
    const breathe = createBreather(run.signal ? { signal: run.signal } : {});
    between ??= await createSampler(fixed, fixedInterpolator, METRIC_BOUNDARY, breathe);
    return { fixed: between, moving: movingSampler };
  };
  return {
    run: async (map, run) => {
      const shape = requireMetricRun(operation, map, run);
      requireNoRunOptions(run);
      const readers = await readersFor(run);
      return await executeRun({ operation, measure, readers, shape, map, run });
    },
  };
}

/** All that one run needs. */
interface Call {
  readonly operation: Metric;
  readonly measure: Measure;
  readonly readers: Readers;
  readonly shape: MetricShape;
  readonly map: IndexMap;
  readonly run: MetricRun;
}

async function executeRun(call: Call): Promise<Measured> {
  const { operation, measure, readers, run } = call;
  const breathe = createBreather(run);
  const { sites, windows } = sitesOf(call);
  const gathered = await gather(operation, readers, sites, part(breathe, 0));
  const samples = countCentres(gathered.valid, windows);
  const judgements = samples === 0 ? [] : await judge(measure, gathered, windows, part(breathe, 1));
  const derivative = run.derivative
    ? await derivativeOf(call, sites, judgements, part(breathe, 2))
    : undefined;
  run.progress?.(1);
  const figure = mean(judgements.map((judgement) => judgement.figure));
  return {
    // Not -0.
    value: measure.sign * figure + 0,
    samples,
    ...(derivative && { derivative }),
    details: detailsOf(figure, judgements),
  };
}

/** A third of the way of a run. */
const part =
  (breathe: Breathe, third: 0 | 1 | 2): Breathe =>
  (fraction) =>
    breathe((third + fraction) / 3);

/** Every voxel or point, and for a measure with a radius all that is around the points. */
function sitesOf({ operation, measure, shape, map }: Call): {
  readonly sites: Sites;
  readonly windows: Windows | undefined;
} {
  const dims = operation.fixed.grid.size.length;
  const { radius } = measure;
  if (radius === undefined) return { sites: sitesAt(map, shape, dims), windows: undefined };
  if ('size' in shape.samples) {
    return { sites: sitesAt(map, shape, dims), windows: gridWindows(shape.samples.size, radius) };
  }
  if (map.kind === 'points') {
    const reason = 'is points, which say nothing of the neighbourhoods that this metric compares';
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
  }
  const { samples, windows } = pointWindows(shape.samples.points, radius);
  const count = windows.count * radius.reduce((n, r) => n * (2 * r + 1), 1);
  return { sites: sitesAt(map, { samples, count }, dims), windows };
}

const sitesAt = (map: IndexMap, { samples, count }: MetricShape, dims: number): Sites => ({
  dims,
  count,
  index: sampleIndices(samples, dims),
  position: samplePositions(map, samples, dims),
});

function countCentres(valid: Uint8Array, windows: Windows | undefined): number {
  if (windows === undefined) return countValid(valid);
  let count = 0;
  for (let window = 0; window < windows.count; window++) count += valid[windows.centre(window)];
  return count;
}

async function judge(
  measure: Measure,
  { valid, fixed, moving }: Gathered,
  windows: Windows | undefined,
  breathe: Breathe,
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const [channel, values] of fixed.entries()) {
    const samples = { channel, fixed: values, moving: moving[channel], valid };
    const progress: Breathe = (fraction) => breathe((channel + fraction) / fixed.length);
    judgements.push(await measure.judge(windows ? { ...samples, windows } : samples, progress));
  }
  return judgements;
}

async function derivativeOf(
  { measure, readers, map }: Call,
  sites: Sites,
  judgements: readonly Judgement[],
  breathe: Breathe,
): Promise<Float64Array | undefined> {
  if (judgements.length === 0) return zeroDerivative(map);
  const factor = measure.sign / judgements.length;
  const slopes = judgements.map((judgement) => judgement.slopes.map((slope) => factor * slope));
  return await mapDerivative(map, readers.moving, sites, { slopes, breathe });
}

/** The plain figure, that of each channel, and what the measure tells besides. */
function detailsOf(figure: number, judgements: readonly Judgement[]): Json {
  if (judgements.length === 0) return { figure: null, channels: [] };
  const channels = judgements.map((judgement) => ({ figure: judgement.figure, ...judgement.more }));
  return { figure, channels };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
