import type { Breathe } from '../../runs/breather.js';
import { isConstant } from './is-constant.js';
import type { ChannelSamples, Judgement, Measure } from './measure.js';
import type { Windows } from './windows.js';

/**
 * Mean over samples of s_fm² / (s_ff s_mm) within a box about each: B. B. Avants et al., Medical Image Analysis
 * 12(1), 2008; ITK's ANTSNeighborhoodCorrelationImageToImageMetricv4. From 0 to 1; windows hold the valid
 * samples only. By a moving value the sum over all windows that hold it of
 * 2 s_fm / (s_ff s_mm) · ((f - f̄) - s_fm / s_mm (m - m̄)) / N: exact, where ITK keeps the window of the
 * sample itself. A window in which either image is constant is 0, flat.
 *
 * @param radius - voxels on either side, per axis
 */
export const localNormalizedCorrelation = (radius: readonly number[]): Measure => ({
  sign: -1,
  radius,
  judge: judgeLocally,
});

/** Windows between two looks at the clock. */
const BREATH = 512;

async function judgeLocally(samples: ChannelSamples, breathe: Breathe): Promise<Judgement> {
  const { valid, windows } = samples;
  const slopes = new Float64Array(valid.length);
  if (windows === undefined) return { figure: 0, slopes };
  let sum = 0;
  let count = 0;
  for (let window = 0; window < windows.count; window++) {
    if (window % BREATH === 0) await breathe(window / windows.count);
    if (valid[windows.centre(window)] === 0) continue;
    sum += judgeWindow(samples, windows, window, slopes);
    count++;
  }
  return { figure: sum / count, slopes: slopes.map((slope) => slope / count) };
}

/** The window's figure; adds its slopes. */
function judgeWindow(
  { fixed, moving, valid }: ChannelSamples,
  windows: Windows,
  window: number,
  slopes: Float64Array,
): number {
  const members: number[] = [];
  windows.forEach(window, (sample) => {
    if (valid[sample] === 1) members.push(sample);
  });
  const f = centred(members.map((sample) => fixed[sample]));
  const m = centred(members.map((sample) => moving[sample]));
  if (f.isFlat || m.isFlat) return 0;
  const sfm = f.values.reduce((sum, value, k) => sum + value * m.values[k], 0);
  const factor = (2 * sfm) / f.squares / m.squares;
  for (const [k, sample] of members.entries()) {
    slopes[sample] += factor * (f.values[k] - (sfm / m.squares) * m.values[k]);
  }
  return (sfm / f.squares) * (sfm / m.squares);
}

/** Values less their mean, the sum of their squares, and whether that is rounding only. */
function centred(values: readonly number[]): {
  readonly values: readonly number[];
  readonly squares: number;
  readonly isFlat: boolean;
} {
  // The first is taken off before the sum, for its digits.
  const shifted = values.map((value) => value - values[0]);
  const mean = shifted.reduce((sum, value) => sum + value, 0) / values.length;
  const deviations = shifted.map((value) => value - mean);
  const squares = deviations.reduce((sum, value) => sum + value * value, 0);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { values: deviations, squares, isFlat: isConstant(squares, values.length, largest) };
}
