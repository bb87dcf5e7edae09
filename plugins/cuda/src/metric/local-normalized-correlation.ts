import type { Engine } from '../engine.js';
import { WINDOWS } from '../parameters.js';
import type { Measure } from './measure.js';
import type { SamplePlanes } from './sample-planes.js';
import { sumSamples } from './sum-samples.js';

/** Values of a row of metric_windows: windows that count, and the sum of their figures. */
const WINDOW_SUMS = 2;
/** Values per window that its derivative needs. */
const WINDOW_SLOPES = 4;

/**
 * Mean over samples of s_fm² / (s_ff s_mm) within a box about each: B. B. Avants et al., Medical Image Analysis 12(1),
 * 2008, as the sdk's reference has it, with the slopes of all windows that hold a sample.
 *
 * @param radius - voxels on either side, per axis
 */
export const localNormalizedCorrelation = (radius: readonly number[]): Measure => ({
  sign: -1,
  radius,
  async judge(engine, planes, channel) {
    const [count, sum] = await correlate(engine, planes, { channel, slopes: 0n, factor: 0 });
    const addCotangents = (factor: number): Promise<void> =>
      addSlopes(engine, planes, channel, factor / count);
    return { count, figure: sum / count, addCotangents };
  },
});

type Use = Omit<Parameters<typeof WINDOWS.pack>[0], keyof SamplePlanes['windows']>;

const correlate = (engine: Engine, planes: SamplePlanes, use: Use): Promise<Float64Array> =>
  sumSamples(engine, 'metric_windows', structsOf(planes, use), {
    count: planes.count / planes.windows.stride,
    columns: WINDOW_SUMS,
  });

const structsOf = ({ parameters, windows }: SamplePlanes, use: Use): readonly Uint8Array[] => [
  parameters,
  WINDOWS.pack({ ...windows, ...use }),
];

/** Windows are correlated once more, so that only one channel's slopes are there at a time. */
async function addSlopes(
  engine: Engine,
  planes: SamplePlanes,
  channel: number,
  factor: number,
): Promise<void> {
  const [lane] = engine.lanes.both;
  const { count, windows } = planes;
  using table = engine.memory.take((count / windows.stride) * WINDOW_SLOPES * 8);
  const use = { channel, slopes: table.address, factor };
  await correlate(engine, planes, use);
  const structs = structsOf(planes, use);
  engine.launch('metric_window_cotangents', structs, [count, 1, 1], lane.stream);
  await engine.lanes.drained(lane);
}
