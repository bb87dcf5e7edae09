import type { Image } from '@voxhost/sdk';
import { createHolder } from '../holder.js';
import { ALONG, BOXES, SUMS, WINDOWS } from '../parameters.js';
import { download } from './download.js';
import type { Judgement, Measure } from './measure.js';
import type { SamplePlanes } from './sample-planes.js';
import type { Sampled } from './sampled.js';
import { sumSamples } from './sum-samples.js';
import { THREADS } from './tiles.js';

/** Values of a row of sums: windows that count, and the sum of their figures. */
const WINDOW_SUMS = 2;
/** Values per window of a list that its derivative needs. */
const WINDOW_SLOPES = 4;
/** Planes of sums over boxes, of moments and of what windows say of a slope. */
const BOX_MOMENTS = 6;
const BOX_SLOPES = 3;

/** What is taken off the values of each channel before they are squared: of the fixed image, of the moving. */
export type Shifts = readonly (readonly [fixed: number, moving: number])[];

/**
 * Mean over samples of s_fm² / (s_ff s_mm) within a box about each: B. B. Avants et al., Medical Image Analysis 12(1),
 * 2008, as the sdk's reference has it, with the slopes of all windows that hold a sample.
 *
 * @param radius - voxels on either side, per axis
 */
export const localNormalizedCorrelation = (radius: readonly number[], shifts: Shifts): Measure => ({
  sign: -1,
  radius,
  judge: (sampled, channel) =>
    sampled.wanted.windows.stride > 1
      ? judgeList(sampled, channel)
      : judgeGrid({ sampled, channel, shifts: shifts[channel] }),
});

/** Values looked at for what an image's are like. */
const LOOKED_AT = 2 ** 14;

/** A value amid those of a channel: the mean of some, evenly spread, that are finite. */
export const shiftOf = (image: Image, channel: number): number =>
  meanOf(image, channel, (value) => value);

/** A power of 2 near how far values of a channel are from one amid them, on average; 1 where none is. */
export function spreadOf(image: Image, channel: number, shift: number): number {
  const spread = meanOf(image, channel, (value) => Math.abs(value - shift));
  return spread > 0 ? 2 ** Math.round(Math.log2(spread)) : 1;
}

function meanOf({ data, channels }: Image, channel: number, of: (value: number) => number): number {
  const voxels = data.length / channels;
  const step = Math.max(1, Math.floor(voxels / LOOKED_AT));
  let [sum, count] = [0, 0];
  for (let i = channel * voxels; i < (channel + 1) * voxels; i += step) {
    if (!Number.isFinite(data[i])) continue;
    sum += of(data[i]);
    count++;
  }
  const mean = sum / count;
  return Number.isFinite(mean) ? mean : 0;
}

async function judgeList(sampled: Sampled, channel: number): Promise<Judgement> {
  const { engine, wanted } = sampled;
  const { stride } = wanted.windows;
  const summing = { kernel: 'metric_windows', columns: WINDOW_SUMS, stride };
  const [count, sum] = await sumSamples(sampled, summing, ({ parameters }) => [
    parameters,
    WINDOWS.pack({ slopes: 0n, factor: 0, stride, channel }),
  ]);
  return {
    count,
    figure: sum / count,
    // Windows are correlated once more, so that only one channel's slopes of one tile are there at a time.
    async addCotangents({ parameters, tile }, factor) {
      const [lane] = engine.lanes.both;
      const windows = tile.count / stride;
      using held = createHolder();
      const table = held.add(engine.memory.take(windows * WINDOW_SLOPES * 8));
      const sums = held.add(engine.memory.take(windows * WINDOW_SUMS * 8));
      const use = { slopes: table.address, factor: factor / count, stride, channel };
      const structs = [parameters, WINDOWS.pack(use)];
      const rows = SUMS.pack({ address: sums.address, samples: THREADS });
      const threads = THREADS * Math.ceil(windows / THREADS);
      engine.launch('metric_windows', [...structs, rows], [threads, 1, 1], lane.stream);
      engine.launch('metric_window_cotangents', structs, [tile.count, 1, 1], lane.stream);
      await engine.lanes.drained(lane);
    },
  };
}

interface GridWindows {
  readonly sampled: Sampled;
  readonly channel: number;
  readonly shifts: Shifts[number];
}

async function judgeGrid(windows: GridWindows): Promise<Judgement> {
  const { engine, wanted, row } = windows.sampled;
  const values = new Float64Array(WINDOW_SUMS * Math.ceil(wanted.count / row));
  using sums = engine.memory.take(values.byteLength);
  await windows.sampled.forEachTile(async (planes) => {
    using judged = await judgeBoxes(windows, planes, 0);
    const { first, count } = planes.tile;
    const address = sums.address + BigInt(8 * WINDOW_SUMS * (first / row));
    const structs = [planes.parameters, judged.boxes, SUMS.pack({ address, samples: row })];
    const [lane] = engine.lanes.both;
    const threads = THREADS * Math.ceil(count / row);
    engine.launch('metric_box_figures', structs, [threads, 1, 1], lane.stream);
    await engine.lanes.drained(lane);
  });
  await engine.lanes.exclusive(() => download(engine, sums.address, values));
  let [count, sum] = [0, 0];
  for (let at = 0; at < values.length; at += WINDOW_SUMS) {
    count += values[at];
    sum += values[at + 1];
  }
  const addCotangents = async (planes: SamplePlanes, factor: number): Promise<void> => {
    using judged = await judgeBoxes(windows, planes, factor / count);
    await judged.addCotangents();
  };
  return { count, figure: sum / count, addCotangents };
}

/** What the windows about a tile's samples, and about those around it, say of one channel. */
interface JudgedBoxes extends Disposable {
  /** The kernels' Boxes, `here` being what windows say. */
  readonly boxes: Uint8Array;
  addCotangents(): Promise<void>;
}

/** For who has the lanes. */
async function judgeBoxes(
  { sampled, channel, shifts }: GridWindows,
  { parameters, tile, size, before }: SamplePlanes,
  factor: number,
): Promise<JudgedBoxes> {
  const { engine, wanted } = sampled;
  const [lane] = engine.lanes.both;
  const count = size.reduce((product, n) => product * n, 1);
  using held = createHolder();
  const [one, other] = [0, 1].map(
    () => held.add(engine.memory.take(BOX_MOMENTS * count * 8)).address,
  );
  const boxes = (here: bigint, there: bigint): Uint8Array =>
    BOXES.pack({
      ...{ here, there, count, before, factor, size, channel },
      fixedShift: shifts[0],
      movingShift: shifts[1],
      radius: wanted.windows.radius,
    });
  const [forth, back] = [boxes(one, other), boxes(other, one)];
  const all = [count, 1, 1] as const;
  const sumAlong = (axis: number, planes: number, way: Uint8Array): void =>
    engine.launch('metric_box_along', [way, ALONG.pack({ axis, planes })], all, lane.stream);
  engine.launch('metric_box_moments', [parameters, forth], all, lane.stream);
  sumAlong(1, BOX_MOMENTS, forth);
  engine.launch('metric_box_windows', [parameters, forth], all, lane.stream);
  await engine.lanes.drained(lane);
  return {
    boxes: forth,
    async addCotangents() {
      sumAlong(0, BOX_SLOPES, forth);
      sumAlong(1, BOX_SLOPES, back);
      const structs = [parameters, forth];
      engine.launch('metric_box_cotangents', structs, [tile.count, 1, 1], lane.stream);
      await engine.lanes.drained(lane);
    },
    ...held.handOn(),
  };
}
