import { type Image, type Metric, voxelCount } from '@voxhost/sdk';
import type { Region } from '../device-memory.js';
import { BINS, SCATTER, SUMS } from '../parameters.js';
import { download } from './download.js';
import type { Measure } from './measure.js';
import { addNothing, momentsOf } from './moment-measures.js';
import type { SamplePlanes } from './sample-planes.js';
import type { Sampled } from './sampled.js';
import { THREADS } from './tiles.js';

/** Bins on either side of the range, which the cubic window may reach. */
const PADDING = 2;

/** Bits of the whole numbers that are summed, sign apart; one is left for rounding. */
const SUM_BITS = 61;

/** The bins of one image. */
export interface Binning {
  readonly min: number;
  readonly max: number;
  readonly width: number;
}

/**
 * Σ p_fm log(p_fm / (p_f p_m)), nats, with a box window on the fixed value and a cubic B-spline window on the moving:
 * D. Mattes et al., IEEE Trans. Med. Imaging 22(1), 2003, over the same bins as the sdk's reference. Weights are
 * added as whole numbers, so that the order of threads does not show.
 */
export function mattesMutualInformation(operation: Metric, bins: number): Measure {
  const { fixed, moving, fixedMask, movingMask } = operation;
  const ranges = Array.from({ length: fixed.channels }, (_, channel) => ({
    f: binning(fixed, channel, fixedMask, bins),
    m: binning(moving, channel, movingMask, bins),
  }));
  return {
    sign: -1,
    async judge(sampled, channel) {
      const { f, m } = ranges[channel];
      const { count } = await momentsOf(sampled, channel);
      const isFlat = !(f.width > 0) || !(m.width > 0);
      if (count === 0 || isFlat)
        return { count, figure: 0, addCotangents: addFlat(sampled, channel) };
      const histogram: Histogram = { sampled, bins, channel, f, m };
      const { figure, logs } = information(await jointDistribution(histogram, count), bins);
      const share = 1 / (count * m.width);
      const addCotangents = (planes: SamplePlanes, factor: number) =>
        addInformation(histogram, planes, logs, factor * share);
      return { count, figure, addCotangents };
    },
  };
}

const addFlat =
  ({ engine }: Sampled, channel: number) =>
  async (planes: SamplePlanes): Promise<void> =>
    addNothing(engine, planes, channel);

/** Smallest and largest finite value of a channel within a mask, and the bins between them. */
export function binning(
  image: Image,
  channel: number,
  mask: Image | undefined,
  bins: number,
): Binning {
  const voxels = voxelCount(image.grid.size);
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < voxels; i++) {
    const value = image.data[channel * voxels + i];
    if (!Number.isFinite(value) || mask?.data[i] === 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max, width: (max - min) / (bins - 2 * PADDING) };
}

interface Histogram {
  readonly sampled: Sampled;
  readonly bins: number;
  readonly channel: number;
  readonly f: Binning;
  readonly m: Binning;
}

/** Cells of the table that blocks of threads count by themselves. */
interface OwnCells {
  readonly firstCell: number;
  readonly cells: number;
}

const binsOf = (
  { bins, channel, f, m }: Histogram,
  table: Region,
  scale: number,
  own: OwnCells = { firstCell: 0, cells: 0 },
): Uint8Array =>
  BINS.pack({
    table: table.address,
    ...{ fixedMin: f.min, fixedMax: f.max, fixedWidth: f.width },
    ...{ movingMin: m.min, movingMax: m.max, movingWidth: m.width },
    ...{ scale, bins, channel, ...own },
  });

/** p_fm, a row per fixed bin. */
async function jointDistribution(histogram: Histogram, count: number): Promise<Float64Array> {
  const { sampled, bins } = histogram;
  const { engine, row } = sampled;
  const [{ stream }] = engine.lanes.both;
  const joint = new Float64Array(bins * bins);
  using table = engine.memory.take(joint.byteLength);
  const scale = 2 ** (SUM_BITS - 1 - Math.ceil(Math.log2(count + 1)));
  const sums = SCATTER.pack({ address: table.address, scale, count: joint.length });
  const rows = SUMS.pack({ address: 0, samples: row });
  const parts = partsOf(joint.length).map((own) => binsOf(histogram, table, scale, own));
  await engine.lanes.exclusive(async () =>
    engine.launch('metric_clear', [sums], [joint.length, 1, 1], stream),
  );
  await sampled.forEachTile(({ parameters, tile }) => {
    const extent = [THREADS * Math.ceil(tile.count / row), 1, 1] as const;
    for (const part of parts)
      engine.launch('metric_histogram', [parameters, part, rows], extent, stream);
  });
  await engine.lanes.exclusive(async () => {
    engine.launch('metric_resolve', [sums], [joint.length, 1, 1], stream);
    await download(engine, table.address, joint);
  });
  return joint.map((weight) => weight / count);
}

/** Cells that a block of threads has room for, as in kernels/metric.h. */
const CELLS = 4096;
/** Looks at the samples, above which all threads add to one table: with so many bins they seldom meet. */
const MOST_PARTS = 8;

function partsOf(all: number): readonly OwnCells[] {
  const parts = Math.ceil(all / CELLS);
  if (parts > MOST_PARTS) return [{ firstCell: 0, cells: 0 }];
  return Array.from({ length: parts }, (_, part) => {
    const firstCell = part * CELLS;
    return { firstCell, cells: Math.min(CELLS, all - firstCell) };
  });
}

/** The information of a joint distribution, and what a weight in each bin adds to its slope: log(p_fm / p_m). */
export function information(
  joint: Float64Array,
  bins: number,
): { readonly figure: number; readonly logs: Float64Array } {
  const [fixed, moving] = [new Float64Array(bins), new Float64Array(bins)];
  for (const [at, p] of joint.entries()) {
    fixed[Math.floor(at / bins)] += p;
    moving[at % bins] += p;
  }
  const logs = joint.map((p, at) => (p > 0 ? Math.log(p / moving[at % bins]) : 0));
  let figure = 0;
  for (const [at, p] of joint.entries()) {
    if (p > 0) figure += p * (logs[at] - Math.log(fixed[Math.floor(at / bins)]));
  }
  return { figure, logs };
}

async function addInformation(
  histogram: Histogram,
  { parameters, tile }: SamplePlanes,
  logs: Float64Array,
  scale: number,
): Promise<void> {
  const { engine } = histogram.sampled;
  const [lane] = engine.lanes.both;
  using table = engine.memory.take(logs.byteLength);
  await engine.lanes.upload(table.address, logs);
  const structs = [parameters, binsOf(histogram, table, scale)];
  engine.launch('metric_information', structs, [tile.count, 1, 1], lane.stream);
  await engine.lanes.drained(lane);
}
