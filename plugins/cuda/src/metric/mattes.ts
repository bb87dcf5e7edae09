import { type Image, type Metric, voxelCount } from '@voxhost/sdk';
import type { Region } from '../device-memory.js';
import type { Engine } from '../engine.js';
import { BINS, SCATTER } from '../parameters.js';
import { download } from './download.js';
import type { Measure } from './measure.js';
import { addNothing, momentsOf } from './moment-measures.js';
import type { SamplePlanes } from './sample-planes.js';

/** Bins on either side of the range, which the cubic window may reach. */
const PADDING = 2;

/** Bits of the whole numbers that are summed, sign apart; one is left for rounding. */
const SUM_BITS = 61;

interface Binning {
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
    async judge(engine, planes, channel) {
      const { f, m } = ranges[channel];
      const { count } = await momentsOf(engine, planes, channel);
      const isFlat = !(f.width > 0) || !(m.width > 0);
      if (count === 0 || isFlat)
        return { count, figure: 0, addCotangents: async () => addNothing(engine, planes, channel) };
      const histogram: Histogram = { engine, planes, bins, channel, f, m };
      const { figure, logs } = information(await jointDistribution(histogram, count), bins);
      const share = 1 / (count * m.width);
      const addCotangents = (factor: number) => addInformation(histogram, logs, factor * share);
      return { count, figure, addCotangents };
    },
  };
}

/** Smallest and largest finite value of a channel within a mask, and the bins between them. */
function binning(image: Image, channel: number, mask: Image | undefined, bins: number): Binning {
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
  readonly engine: Engine;
  readonly planes: SamplePlanes;
  readonly bins: number;
  readonly channel: number;
  readonly f: Binning;
  readonly m: Binning;
}

const binsOf = ({ bins, channel, f, m }: Histogram, table: Region, scale: number): Uint8Array =>
  BINS.pack({
    table: table.address,
    ...{ fixedMin: f.min, fixedMax: f.max, fixedWidth: f.width },
    ...{ movingMin: m.min, movingMax: m.max, movingWidth: m.width },
    ...{ scale, bins, channel },
  });

/** p_fm, a row per fixed bin. */
async function jointDistribution(histogram: Histogram, count: number): Promise<Float64Array> {
  const { engine, planes, bins } = histogram;
  const { stream } = engine.lanes.both[0];
  using table = engine.memory.take(bins * bins * 8);
  const scale = 2 ** (SUM_BITS - 1 - Math.ceil(Math.log2(count + 1)));
  const sums = SCATTER.pack({ address: table.address, scale, count: bins * bins });
  const structs = [planes.parameters, binsOf(histogram, table, scale)];
  engine.launch('metric_clear', [sums], [bins * bins, 1, 1], stream);
  engine.launch('metric_histogram', structs, [planes.count, 1, 1], stream);
  engine.launch('metric_resolve', [sums], [bins * bins, 1, 1], stream);
  const joint = new Float64Array(bins * bins);
  await download(engine, table.address, joint);
  return joint.map((weight) => weight / count);
}

/** The information of a joint distribution, and what a weight in each bin adds to its slope: log(p_fm / p_m). */
function information(
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
  logs: Float64Array,
  scale: number,
): Promise<void> {
  const { engine, planes } = histogram;
  const [lane] = engine.lanes.both;
  using table = engine.memory.take(logs.byteLength);
  await engine.lanes.upload(table.address, logs);
  const structs = [planes.parameters, binsOf(histogram, table, scale)];
  engine.launch('metric_information', structs, [planes.count, 1, 1], lane.stream);
  await engine.lanes.drained(lane);
}
