import {
  type Breathe,
  createBreather,
  type IndexMap,
  type Measured,
  type Metric,
  type MetricRun,
  metricOptions,
  type PreparedParts,
  requireMetric,
  requireMetricRun,
  requireNoRunOptions,
  zeroDerivative,
} from '@voxhost/sdk';
import { type Chunk, planChunks } from '../sampling/plan-chunks.js';
import type { Column, Tensorflow } from '../start/tensorflow.js';
import { type Comparison, compare, type Subject } from './compare.js';
import { addDerivative } from './derivative.js';
import { type Judgement, MEASURES, type Measure, type Moments } from './judge.js';
import { added, partialSums, totalsOf } from './partial-sums.js';
import { residentPair } from './resident-pair.js';

/** Samples that are compared at once: gradients take four times the columns of a resample. */
const CHUNK = 2 ** 16;

export function prepareMetric(tf: Tensorflow, operation: Metric): PreparedParts<'metric'> {
  requireMetric(operation);
  metricOptions(operation); // throws for one that the metric has not
  const measure = MEASURES.get(operation.name);
  if (measure === undefined) throw new Error(`no metric ${operation.name}`);
  const pair = residentPair(tf, operation);
  return {
    run: (map, run) => executeRun({ tf, operation, measure, pair }, map, run),
    dispose: () => pair[Symbol.dispose](),
  };
}

interface Prepare extends Subject {
  readonly measure: Measure;
}

async function executeRun(prepare: Prepare, map: IndexMap, run: MetricRun): Promise<Measured> {
  const { operation, measure, pair } = prepare;
  const { samples, count } = requireMetricRun(operation, map, run);
  requireNoRunOptions(run);
  const dims = pair.fixed.size.length;
  // On the grid the fixed image is read in order, whatever the map says of the samples.
  const chunks = planChunks(map, samples, { count, dims, limit: CHUNK });
  const breathe = createBreather(run);
  const passes = run.derivative ? 2 : 1;
  const moments = await momentsOf(prepare, chunks, (done) => breathe(done / passes));
  const valid = moments[0].count;
  const judgements =
    valid === 0 ? [] : moments.map((each, c) => measure.judge(each, pair.shifts[c]));
  const derivative = run.derivative
    ? await derivativeOf(prepare, { map, chunks }, judgements, (done) =>
        breathe((1 + done) / passes),
      )
    : undefined;
  run.progress?.(1);
  const figures = judgements.map(({ figure }) => figure);
  const figure = figures.reduce((sum, one) => sum + one, 0) / figures.length;
  return {
    value: measure.sign * figure + 0, // not -0
    samples: valid,
    ...(derivative && { derivative }),
    details: {
      figure: valid === 0 ? null : figure,
      channels: figures.map((each) => ({ figure: each })),
    },
  };
}

/** Of each channel. */
async function momentsOf(
  { tf, operation, pair }: Prepare,
  chunks: readonly Chunk[],
  breathe: Breathe,
): Promise<readonly Moments[]> {
  let sums: readonly number[] = [];
  for (const [at, chunk] of chunks.entries()) {
    await breathe(at / chunks.length);
    const parts = tf.tidy(() =>
      partialSums(tf, momentTerms(tf, compare({ tf, pair, operation }, chunk, false))),
    );
    sums = added(sums, await totalsOf(parts));
  }
  return pair.shifts.map((_, channel) => momentsAt(sums, channel));
}

const TERMS = 6;

function momentTerms(tf: Tensorflow, { valid, fixed, moving, differences }: Comparison): Column[] {
  const ofChannel = fixed.flatMap((f, c) => [
    f,
    moving[c],
    tf.mul(f, f),
    tf.mul(moving[c], moving[c]),
    tf.mul(f, moving[c]),
    tf.mul(differences[c], differences[c]),
  ]);
  return [valid, ...ofChannel];
}

function momentsAt(sums: readonly number[], channel: number): Moments {
  const [fixed, moving, fixedSquares, movingSquares, products, squaredDifferences] = Array.from(
    { length: TERMS },
    (_, k) => sums[1 + channel * TERMS + k] ?? 0,
  );
  const count = sums[0] ?? 0;
  return { count, fixed, moving, fixedSquares, movingSquares, products, squaredDifferences };
}

async function derivativeOf(
  { tf, operation, pair, measure }: Prepare,
  { map, chunks }: { readonly map: IndexMap; readonly chunks: readonly Chunk[] },
  judgements: readonly Judgement[],
  breathe: Breathe,
): Promise<Float64Array | undefined> {
  const total = zeroDerivative(map);
  if (total === undefined || judgements.length === 0) return total;
  const scale = measure.sign / judgements.length;
  const dims = pair.fixed.size.length;
  for (const [at, chunk] of chunks.entries()) {
    await breathe(at / chunks.length);
    const cotangents = () =>
      cotangentsOf(tf, compare({ tf, pair, operation }, chunk, true), judgements, scale);
    await addDerivative(tf, chunk, cotangents, { dims, into: total });
  }
  return total;
}

/** Derivative of the loss by each axis of the sample's position. */
function cotangentsOf(
  tf: Tensorflow,
  { valid, fixed, moving, gradients }: Comparison,
  judgements: readonly Judgement[],
  scale: number,
): readonly Column[] {
  const slopes = judgements.map(({ byFixed, byMoving, constant }, c): Column => {
    const linear = tf.add(tf.mul(fixed[c], byFixed * scale), tf.mul(moving[c], byMoving * scale));
    return tf.mul(tf.add(linear, constant * scale), valid);
  });
  return gradients.map((row) =>
    row.map((g, c): Column => tf.mul(g, slopes[c])).reduce((sum, one) => tf.add(sum, one)),
  );
}
