import {
  type IndexMap,
  type Measured,
  type Metric,
  type MetricOptions,
  type MetricRun,
  metricOptions,
  type PreparedParts,
  requireFinite,
  requireMetric,
  requireMetricRun,
  requireNoRunOptions,
  zeroDerivative,
} from '@voxhost/sdk';
import type { Engine } from '../engine.js';
import { type Allowance, createAllowance } from '../parts/allowance.js';
import { localNormalizedCorrelation, shiftOf } from './local-normalized-correlation.js';
import { derivativeOf } from './map-derivative.js';
import { mattesMutualInformation } from './mattes.js';
import type { Judgement, Measure } from './measure.js';
import { meanSquares, normalizedCorrelation } from './moment-measures.js';
import { nothingMeasured } from './nothing-measured.js';
import { type PairMeasure, preparePair } from './pair/measure-pair.js';
import type { SamplePlanes } from './sample-planes.js';
import { holdImages, type Sampled, sampleRun } from './sampled.js';
import { neighbourhoodsOf } from './windows.js';

/** How each metric is made ready for its images. */
const MEASURES: {
  readonly [name: string]: (operation: Metric, options: MetricOptions) => Measure;
} = {
  'mean-squares': () => meanSquares,
  'normalized-correlation': () => normalizedCorrelation,
  'local-normalized-correlation': ({ fixed, moving }, { radius }) =>
    localNormalizedCorrelation(
      radius,
      Array.from({ length: fixed.channels }, (_, c) => [shiftOf(fixed, c), shiftOf(moving, c)]),
    ),
  'mattes-mutual-information': (operation, { bins }) => mattesMutualInformation(operation, bins),
};

/** Brings images and masks to the device, where they stay for all runs. */
export async function prepareMetric(
  engine: Engine,
  operation: Metric,
  signal: AbortSignal | undefined,
): Promise<PreparedParts<'metric'>> {
  requireMetric(operation);
  const measure = MEASURES[operation.name](operation, metricOptions(operation));
  const images = await holdImages(engine, operation);
  const allowance = createAllowance(engine, images.all);
  const pair = preparePair(engine, operation, images);
  const measuring: Measuring = { engine, operation, measure, pair, allowance };
  if (signal?.aborted === true) images[Symbol.dispose]();
  signal?.throwIfAborted();
  return {
    run: (map, run) => executeRun(measuring, map, run),
    dispose() {
      pair?.[Symbol.dispose]();
      images[Symbol.dispose]();
    },
  };
}

interface Measuring {
  readonly engine: Engine;
  readonly operation: Metric;
  readonly measure: Measure;
  readonly pair: PairMeasure | undefined;
  readonly allowance: Allowance;
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
  const measured = await (measuring.pair?.measure(map, run) ??
    measuring.allowance.within(async (most) => {
      const { signal } = run;
      const all = { ...wanted, gradient: wantsDerivative, signal };
      using sampled = sampleRun({ engine, operation, map, wanted: all, most });
      return await measure(measuring, sampled, map);
    }));
  run.progress?.(1);
  return measured;
}

async function measure(
  { operation, measure: { sign, judge } }: Measuring,
  sampled: Sampled,
  map: IndexMap,
): Promise<Measured> {
  const wantsDerivative = sampled.wanted.gradient;
  const judgements: Judgement[] = [];
  for (let channel = 0; channel < operation.fixed.channels; channel++) {
    const judgement = await judge(sampled, channel);
    if (judgement.count === 0)
      return nothingMeasured(wantsDerivative ? zeroDerivative(map) : undefined);
    judgements.push(judgement);
  }
  const withCotangents = addCotangents(sampled, judgements, sign / judgements.length);
  const derivative = wantsDerivative ? await derivativeOf(withCotangents, map) : undefined;
  const figures = judgements.map(({ figure }) => figure);
  const figure = figures.reduce((sum, each) => sum + each, 0) / figures.length;
  return {
    value: sign * figure + 0, // not -0
    samples: judgements[0].count,
    ...(derivative && { derivative }),
    details: { figure, channels: figures.map((each) => ({ figure: each })) },
  };
}

/** The same samples, whose tiles have their cotangents: made once of a tile that stays. */
function addCotangents(
  sampled: Sampled,
  judgements: readonly Judgement[],
  factor: number,
): Sampled {
  const made = new WeakSet<SamplePlanes>();
  return {
    ...sampled,
    forEachTile: (use) =>
      sampled.forEachTile(async (planes) => {
        for (const judgement of judgements)
          if (!made.has(planes)) await judgement.addCotangents(planes, factor);
        made.add(planes);
        await use(planes);
      }),
  };
}
