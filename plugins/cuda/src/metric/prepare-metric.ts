import {
  type IndexMap,
  type Measured,
  type Metric,
  type MetricOptions,
  type MetricRun,
  metricOptions,
  type Prepared,
  type RunQueue,
  requireFinite,
  requireMetric,
  requireMetricRun,
  requireNoRunOptions,
  zeroDerivative,
} from '@voxhost/sdk';
import type { Engine } from '../engine.js';
import { localNormalizedCorrelation } from './local-normalized-correlation.js';
import { derivativeOf } from './map-derivative.js';
import { mattesMutualInformation } from './mattes.js';
import type { Judgement, Measure } from './measure.js';
import { meanSquares, normalizedCorrelation } from './moment-measures.js';
import { holdImages, type SamplePlanes, samplePlanes } from './sample-planes.js';
import { neighbourhoodsOf } from './windows.js';

/** How each metric is made ready for its images. */
const MEASURES: {
  readonly [name: string]: (operation: Metric, options: MetricOptions) => Measure;
} = {
  'mean-squares': () => meanSquares,
  'normalized-correlation': () => normalizedCorrelation,
  'local-normalized-correlation': (_, { radius }) => localNormalizedCorrelation(radius),
  'mattes-mutual-information': (operation, { bins }) => mattesMutualInformation(operation, bins),
};

/** Brings images and masks to the device, where they stay for all runs. */
export async function prepareMetric(
  engine: Engine,
  operation: Metric,
  queue: RunQueue,
  signal: AbortSignal | undefined,
): Promise<Prepared<'metric'>> {
  requireMetric(operation);
  const measure = MEASURES[operation.name](operation, metricOptions(operation));
  const measuring: Measuring = { engine, operation, measure };
  const images = await holdImages(engine, operation);
  if (signal?.aborted === true) images[Symbol.dispose]();
  signal?.throwIfAborted();
  return {
    run: (map, run) => queue.enqueue(() => executeRun(measuring, map, run)),
    async [Symbol.asyncDispose]() {
      await queue.close();
      images[Symbol.dispose]();
    },
  };
}

interface Measuring {
  readonly engine: Engine;
  readonly operation: Metric;
  readonly measure: Measure;
}

async function executeRun(measuring: Measuring, map: IndexMap, run: MetricRun): Promise<Measured> {
  const { engine, operation } = measuring;
  const shape = requireMetricRun(operation, map, run);
  const wanted = neighbourhoodsOf(shape, map, measuring.measure.radius);
  requireNoRunOptions(run);
  if (run.points !== undefined) requireFinite(operation.fixed, operation.fixedInterpolator);
  run.signal?.throwIfAborted();
  const wantsDerivative = run.derivative && map.kind !== 'sequence';
  if (shape.count === 0) return nothingMeasured(wantsDerivative ? zeroDerivative(map) : undefined);
  using planes = await samplePlanes(engine, operation, map, {
    ...wanted,
    gradient: wantsDerivative,
  });
  run.signal?.throwIfAborted();
  run.progress?.(1 / 2);
  const measured = await engine.lanes.exclusive(() =>
    measure(measuring, planes, map, wantsDerivative),
  );
  run.progress?.(1);
  return measured;
}

/** For who has the lanes. */
async function measure(
  { engine, operation, measure: { sign, judge } }: Measuring,
  planes: SamplePlanes,
  map: IndexMap,
  wantsDerivative: boolean,
): Promise<Measured> {
  const { stream } = engine.lanes.both[0];
  engine.launch('metric_validate', [planes.parameters], [planes.count, 1, 1], stream);
  const judgements: Judgement[] = [];
  for (let channel = 0; channel < operation.fixed.channels; channel++) {
    const judgement = await judge(engine, planes, channel);
    if (judgement.count === 0)
      return nothingMeasured(wantsDerivative ? zeroDerivative(map) : undefined);
    judgements.push(judgement);
  }
  const factor = sign / judgements.length;
  for (const { addCotangents } of judgements) if (wantsDerivative) await addCotangents(factor);
  const derivative = wantsDerivative ? await derivativeOf(engine, planes, map) : undefined;
  const figures = judgements.map(({ figure }) => figure);
  const figure = figures.reduce((sum, each) => sum + each, 0) / figures.length;
  return {
    value: sign * figure + 0, // not -0
    samples: judgements[0].count,
    ...(derivative && { derivative }),
    details: { figure, channels: figures.map((each) => ({ figure: each })) },
  };
}

const nothingMeasured = (derivative: Float64Array | undefined): Measured => ({
  value: Number.NaN,
  samples: 0,
  ...(derivative && { derivative }),
  details: { figure: null, channels: [] },
});
