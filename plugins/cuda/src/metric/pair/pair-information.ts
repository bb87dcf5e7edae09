import { type Metric, voxelCount } from '@voxhost/sdk';
import { BINS, SCATTER } from '../../parameters.js';
import { download } from '../download.js';
import { type Binning, binning, information } from '../mattes.js';
import { CHUNK, product } from './chunks.js';
import { PARAMETERS, type PairFigure, type PairRun } from './pair-moments.js';
import { type Pair, passOver, sumPair } from './pair-sums.js';

/** The two images' bins, for both passes. */
export interface Informing {
  readonly count: number;
  readonly f: Binning;
  readonly m: Binning;
  /** Whole numbers that are a weight of 1. */
  readonly scale: number;
  /** The kernels' Bins, without a table. */
  readonly bins: Uint8Array;
}

/** Bins of which a block of threads has room for a whole histogram, as in kernels/metric.h. */
const MOST_BINS = 64;

/** Samples that a block of threads counts at most. */
const CHUNK_SAMPLES = product(CHUNK);

/**
 * Weights are whole numbers of 1 / scale, so that their order does not show: of no more bits than float64 adds exactly,
 * than leave room in 64 for all samples of the grid, and in two times 32 for those of a chunk.
 */
function scaleOf(samples: number): number {
  const inChunk = 2 * (32 - Math.ceil(Math.log2(Math.min(samples, CHUNK_SAMPLES))));
  return 2 ** Math.min(51, 61 - Math.ceil(Math.log2(samples + 1)), inChunk);
}

/** Undefined where there are too many bins. */
export function informingOf(operation: Metric, count: number): Informing | undefined {
  const { fixed, moving, fixedMask, movingMask } = operation;
  if (count > MOST_BINS) return undefined;
  const scale = scaleOf(voxelCount(fixed.grid.size));
  const f = binning(fixed, 0, fixedMask, count);
  const m = binning(moving, 0, movingMask, count);
  return { count, f, m, scale, bins: packBins({ count, f, m, scale }, 0n) };
}

/** In place of the bins of an image that is constant or has no value: all are in the first, and none is far. */
const ONE_BIN: Binning = { min: 0, max: 0, width: 1 };

const hasBins = ({ width }: Binning): boolean => width > 0;

function packBins({ count, scale, ...both }: Omit<Informing, 'bins'>, table: bigint): Uint8Array {
  const f = hasBins(both.f) ? both.f : ONE_BIN;
  const m = hasBins(both.m) ? both.m : ONE_BIN;
  return BINS.pack({
    table,
    ...{ fixedMin: f.min, fixedMax: f.max, fixedWidth: f.width },
    ...{ movingMin: m.min, movingMax: m.max, movingWidth: m.width },
    ...{ scale, bins: count, channel: 0, firstCell: 0, cells: count * count },
  });
}

/** Σ p_fm log(p_fm / (p_f p_m)): see mattes.ts. */
export async function pairInformation(
  pair: Pair,
  run: PairRun,
  informing: Informing,
): Promise<PairFigure> {
  const { f, m } = informing;
  const { joint, count } = await countPair(pair, run, informing);
  const flat = run.derivative ? new Float64Array(PARAMETERS) : undefined;
  if (count === 0 || !(f.width > 0) || !(m.width > 0))
    return { count, figure: 0, derivative: flat };
  const { figure, logs } = information(joint, informing.count);
  if (!run.derivative) return { count, figure, derivative: undefined };
  const sums = await informPair(pair, run, informing, logs);
  return { count, figure, derivative: sums.map((sum) => sum / (count * m.width)) };
}

/** The joint distribution, a row per fixed bin, and the samples that count. */
async function countPair(
  pair: Pair,
  run: PairRun,
  informing: Informing,
): Promise<{ readonly joint: Float64Array; readonly count: number }> {
  const { engine } = pair;
  const [{ stream }] = engine.lanes.both;
  // Behind the last cell is the number of samples.
  const cells = new Float64Array(informing.count ** 2 + 1);
  const table = pair.room('table', cells.byteLength);
  const sums = SCATTER.pack({
    address: table,
    scale: informing.scale,
    count: cells.length,
  });
  const over = async (kernel: string): Promise<void> =>
    engine.launch(kernel, [sums], [cells.length, 1, 1], stream);
  await engine.lanes.exclusive(() => over('metric_clear'));
  const bins = packBins(informing, table);
  await passOver(pair, { ...run, kernel: 'pair_histogram', bins }, 0n);
  await engine.lanes.exclusive(async () => {
    await over('metric_resolve');
    await download(engine, table, cells);
  });
  const count = cells[cells.length - 1];
  return { joint: cells.subarray(0, -1).map((weight) => weight / count), count };
}

/** Sums of the slopes of a table by bins, times the position's by each parameter. */
async function informPair(
  pair: Pair,
  run: PairRun,
  informing: Informing,
  logs: Float64Array,
): Promise<Float64Array> {
  const { engine } = pair;
  const table = pair.room('table', logs.byteLength);
  // The slope of a cubic B-spline is the quadratic one of differences: from each bin to the next, in a row.
  const differences = logs.map((log, at) => (logs[at + 1] ?? log) - log);
  await engine.lanes.exclusive(() => engine.lanes.upload(table, differences));
  const bins = packBins(informing, table);
  const summing = { ...run, kernel: 'pair_information', columns: PARAMETERS, bins };
  return await sumPair(pair, summing);
}
