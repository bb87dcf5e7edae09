import type { Engine } from '../engine.js';
import { CHANNEL } from '../parameters.js';
import { isConstant } from './is-constant.js';
import type { Measure } from './measure.js';
import type { SamplePlanes } from './sample-planes.js';
import type { Sampled } from './sampled.js';
import { sumSamples } from './sum-samples.js';

/** Sums over the samples that count, of one channel; products less their means. */
export interface Moments {
  readonly count: number;
  readonly fixedMean: number;
  readonly movingMean: number;
  /** Σ f'f', Σ m'm', Σ f'm'. */
  readonly ff: number;
  readonly mm: number;
  readonly fm: number;
  /** Σ (m - f)². */
  readonly squares: number;
  /** Means of the absolute values. */
  readonly fixedSize: number;
  readonly movingSize: number;
}

/** Of one channel: the figure, and its slope by a moving value, α f' + β m'. */
interface Slopes {
  readonly figure: number;
  readonly fixedFactor: number;
  readonly movingFactor: number;
  /** Are f' and m' less their means? */
  readonly centred: boolean;
}

/** (1/N) Σ (m - f)²; by a moving value 2 (m - f) / N. */
export const meanSquares: Measure = momentMeasure(1, ({ count, squares }) => ({
  figure: squares / count,
  fixedFactor: -2 / count,
  movingFactor: 2 / count,
  centred: false,
}));

/** s_fm / √(s_ff s_mm); by a moving value f'/√(s_ff s_mm) - ncc m'/s_mm. What is constant correlates with nothing. */
export const normalizedCorrelation: Measure = momentMeasure(-1, (moments) => {
  const { count, ff, mm, fm, fixedSize, movingSize } = moments;
  if (isConstant(ff, count, fixedSize) || isConstant(mm, count, movingSize))
    return { figure: 0, fixedFactor: 0, movingFactor: 0, centred: true };
  const scale = Math.sqrt(ff) * Math.sqrt(mm);
  const figure = fm / scale;
  return { figure, fixedFactor: 1 / scale, movingFactor: -figure / mm, centred: true };
});

function momentMeasure(sign: 1 | -1, slopesOf: (moments: Moments) => Slopes): Measure {
  return {
    sign,
    async judge(sampled, channel) {
      const moments = await momentsOf(sampled, channel);
      const { figure, fixedFactor, movingFactor, centred } = slopesOf(moments);
      const means = centred ? moments : { fixedMean: 0, movingMean: 0 };
      const addCotangents = async (planes: SamplePlanes, factor: number): Promise<void> => {
        const slopes = { fixedFactor: factor * fixedFactor, movingFactor: factor * movingFactor };
        add(sampled.engine, planes, { channel, ...means, ...slopes });
      };
      return { count: moments.count, figure, addCotangents };
    },
  };
}

/** Values of a row of metric_moments. */
const MOMENTS = 9;

/** Once for the means, once less them, so that no digits are lost to a large mean. */
export async function momentsOf(sampled: Sampled, channel: number): Promise<Moments> {
  const sum = (fixedMean: number, movingMean: number): Promise<Float64Array> => {
    const values = { fixedMean, movingMean, fixedFactor: 0, movingFactor: 0, channel };
    const summing = { kernel: 'metric_moments', columns: MOMENTS };
    return sumSamples(sampled, summing, ({ parameters }) => [parameters, CHANNEL.pack(values)]);
  };
  const [count, f, m] = await sum(0, 0);
  const [fixedMean, movingMean] = count === 0 ? [0, 0] : [f / count, m / count];
  const [, , , ff, mm, fm, squares, fixedSum, movingSum] = await sum(fixedMean, movingMean);
  const sizes = { fixedSize: fixedSum / count, movingSize: movingSum / count };
  return { count, fixedMean, movingMean, ff, mm, fm, squares, ...sizes };
}

type ChannelValues = Parameters<typeof CHANNEL.pack>[0];

function add(
  engine: Engine,
  { parameters, tile }: SamplePlanes,
  { channel, fixedMean, movingMean, fixedFactor, movingFactor }: ChannelValues,
): void {
  const values = CHANNEL.pack({ channel, fixedMean, movingMean, fixedFactor, movingFactor });
  const { stream } = engine.lanes.both[0];
  engine.launch('metric_cotangents', [parameters, values], [tile.count, 1, 1], stream);
}

/** The cotangents of a channel whose figure is flat. */
export const addNothing = (engine: Engine, planes: SamplePlanes, channel: number): void =>
  add(engine, planes, { channel, fixedMean: 0, movingMean: 0, fixedFactor: 0, movingFactor: 0 });
