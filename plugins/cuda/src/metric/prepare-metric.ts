import {
  type IndexMap,
  type Measured,
  type Metric,
  type MetricRun,
  metricOptions,
  type Prepared,
  type RunQueue,
  requireFinite,
  requireMetric,
  requireMetricRun,
  requireNoRunOptions,
} from '@voxhost/sdk';
import type { Engine } from '../engine.js';
import { CHANNEL } from '../parameters.js';
import { derivativeOf, zeroDerivative } from './map-derivative.js';
import { MEASURES, type Measure, type Moments, type Verdict } from './measures.js';
import { holdImages, type SamplePlanes, samplePlanes } from './sample-planes.js';
import { sumSamples } from './sum-samples.js';

/** Brings images and masks to the device, where they stay for all runs. */
export async function prepareMetric(
  engine: Engine,
  operation: Metric,
  queue: RunQueue,
  signal: AbortSignal | undefined,
): Promise<Prepared<'metric'>> {
  requireMetric(operation);
  metricOptions(operation);
  const measuring: Measuring = { engine, operation, measure: MEASURES[operation.name] };
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
  requireNoRunOptions(run);
  if (run.points !== undefined) requireFinite(operation.fixed, operation.fixedInterpolator);
  run.signal?.throwIfAborted();
  const wantsDerivative = run.derivative && map.kind !== 'sequence';
  if (shape.count === 0) return nothingMeasured(wantsDerivative ? zeroDerivative(map) : undefined);
  using planes = await samplePlanes(engine, operation, map, {
    ...shape,
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
  const channels: { moments: Moments; verdict: Verdict }[] = [];
  for (let channel = 0; channel < operation.fixed.channels; channel++) {
    const moments = await momentsOf(engine, planes, channel);
    if (moments.count === 0)
      return nothingMeasured(wantsDerivative ? zeroDerivative(map) : undefined);
    channels.push({ moments, verdict: judge(moments) });
  }
  const factor = sign / channels.length;
  for (const [channel, { moments, verdict }] of channels.entries()) {
    if (wantsDerivative) addCotangents(engine, planes, { channel, factor, moments, verdict });
  }
  const derivative = wantsDerivative ? await derivativeOf(engine, planes, map) : undefined;
  const figures = channels.map(({ verdict }) => verdict.figure);
  const figure = figures.reduce((sum, each) => sum + each, 0) / figures.length;
  return {
    value: sign * figure + 0, // not -0
    samples: channels[0].moments.count,
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

/** Values of a row of metric_moments. */
const MOMENTS = 9;

/** Once for the means, once less them, so that no digits are lost to a large mean. */
async function momentsOf(engine: Engine, planes: SamplePlanes, channel: number): Promise<Moments> {
  const sum = (fixedMean: number, movingMean: number): Promise<Float64Array> => {
    const values = { fixedMean, movingMean, fixedFactor: 0, movingFactor: 0, channel };
    return sumSamples(engine, 'metric_moments', [planes.parameters, CHANNEL.pack(values)], {
      count: planes.count,
      columns: MOMENTS,
    });
  };
  const [count, f, m] = await sum(0, 0);
  const [fixedMean, movingMean] = count === 0 ? [0, 0] : [f / count, m / count];
  const [, , , ff, mm, fm, squares, fixedSum, movingSum] = await sum(fixedMean, movingMean);
  const sizes = { fixedSize: fixedSum / count, movingSize: movingSum / count };
  return { count, fixedMean, movingMean, ff, mm, fm, squares, ...sizes };
}

interface Slopes {
  readonly channel: number;
  /** What makes the loss of the figure. */
  readonly factor: number;
  readonly moments: Moments;
  readonly verdict: Verdict;
}

function addCotangents(engine: Engine, planes: SamplePlanes, slopes: Slopes): void {
  const { channel, factor, moments, verdict } = slopes;
  const values = CHANNEL.pack({
    channel,
    fixedMean: verdict.centred ? moments.fixedMean : 0,
    movingMean: verdict.centred ? moments.movingMean : 0,
    fixedFactor: factor * verdict.fixedFactor,
    movingFactor: factor * verdict.movingFactor,
  });
  const { stream } = engine.lanes.both[0];
  engine.launch('metric_cotangents', [planes.parameters, values], [planes.count, 1, 1], stream);
}
