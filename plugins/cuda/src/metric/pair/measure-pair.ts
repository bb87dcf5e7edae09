import {
  type IndexMap,
  type Measured,
  type Metric,
  type MetricRun,
  metricOptions,
  type PixelType,
} from '@voxhost/sdk';
import { isOutOfMemory } from '../../driver-error.js';
import type { Engine } from '../../engine.js';
import { type Allowance, createAllowance } from '../../parts/allowance.js';
import { shiftOf } from '../local-normalized-correlation.js';
import { nothingMeasured } from '../nothing-measured.js';
import { informingOf, pairInformation } from './pair-information.js';
import { type PairFigure, type PairRun, pairCorrelation, pairSquares } from './pair-moments.js';
import { createPair, type Pair } from './pair-sums.js';
import { pairWindows, windowingOf } from './pair-windows.js';

/** Compares volumes in passes that store no value of a sample. */
export interface PairMeasure extends Disposable {
  /** Undefined for a run that only planes of samples serve. Throws the driver's error. */
  measure(map: IndexMap, run: MetricRun): Promise<Measured> | undefined;
}

/** What makes a loss of the figure, and the figure. */
interface Judging {
  readonly sign: 1 | -1;
  readonly judge: (pair: Pair, run: PairRun) => Promise<PairFigure>;
  /** The kernels' Bins, for a pair whose fixed side is rows of a histogram. */
  readonly bins?: Uint8Array;
}

/** Undefined for options of which only planes of samples have room. */
const JUDGINGS: { readonly [name: string]: (operation: Metric) => Judging | undefined } = {
  'mean-squares': () => ({ sign: 1, judge: pairSquares }),
  'normalized-correlation': ({ fixed, moving }) => {
    const shifts = [shiftOf(fixed, 0), shiftOf(moving, 0)] as const;
    return { sign: -1, judge: (pair, run) => pairCorrelation(pair, run, shifts) };
  },
  'mattes-mutual-information': (operation) => {
    const informing = informingOf(operation, metricOptions(operation).bins);
    if (informing === undefined) return undefined;
    const { bins } = informing;
    return { sign: -1, judge: (pair, run) => pairInformation(pair, run, informing), bins };
  },
  'local-normalized-correlation': (operation) => {
    const windowing = windowingOf(operation, metricOptions(operation).radius);
    return windowing && { sign: -1, judge: (pair, run) => pairWindows(pair, run, windowing) };
  },
};

/** Types whose values float32 holds, as the kernels read both images. */
const NARROW: ReadonlySet<PixelType> = new Set(['uint8', 'int8', 'uint16', 'int16', 'float32']);

/** The images that stay on the device, and whether all had room. */
type Images = Disposable & { readonly all: boolean };

/** Undefined for what no kernel compares in a pass: other metrics, pictures, several channels, wide types, other kernels. */
export function preparePair(
  engine: Engine,
  operation: Metric,
  images: Images,
): PairMeasure | undefined {
  const { name, fixed, moving, movingInterpolator } = operation;
  const isNarrow = NARROW.has(fixed.pixelType) && NARROW.has(moving.pixelType);
  const isVolume = fixed.grid.size.length === 3 && fixed.channels === 1;
  if (!isNarrow || !isVolume || movingInterpolator !== 'linear') return undefined;
  const judging = JUDGINGS[name]?.(operation);
  if (judging === undefined) return undefined;
  const { bins } = judging;
  const pair = createPair(engine, { operation, ...(bins && { bins }) });
  if (!images.all) makeRoom(images);
  const allowance = createAllowance(engine, images.all);
  return {
    measure: (map, run) =>
      map.kind === 'affine' && run.points === undefined
        ? measurePair({ pair, images, allowance, judging }, { map, ...runOf(run) })
        : undefined,
    [Symbol.dispose]: () => pair[Symbol.dispose](),
  };
}

const runOf = ({ derivative, signal }: MetricRun): Pick<PairRun, 'derivative' | 'signal'> => ({
  derivative,
  signal,
});

/** What goes there in parts needs the room of what is there as a whole. */
function makeRoom(...all: readonly Disposable[]): void {
  for (const each of all) each[Symbol.dispose]();
}

interface Measuring {
  readonly pair: Pair;
  readonly images: Images;
  readonly allowance: Allowance;
  readonly judging: Judging;
}

async function measurePair(
  { pair, images, allowance, judging: { sign, judge } }: Measuring,
  run: Omit<PairRun, 'most'>,
): Promise<Measured> {
  const found = await allowance.within(async (most) => {
    try {
      return await judge(pair, { ...run, most });
    } catch (error) {
      if (isOutOfMemory(error)) makeRoom(images, pair);
      throw error;
    }
  });
  const { count, figure, derivative } = found;
  if (count === 0) return nothingMeasured(run.derivative ? new Float64Array(12) : undefined);
  return {
    value: sign * figure + 0, // not -0
    samples: count,
    ...(derivative && { derivative: derivative.map((each) => sign * each) }),
    details: { figure, channels: [{ figure }] },
  };
}
