import type { Metric } from '../../operation.js';
import { type ChannelSamples, countValid, type Judgement, type Measure } from './measure.js';
import { valueRange } from './value-range.js';

/** Bins on either side of the range, which the cubic window may reach. */
const PADDING = 2;

/** Values to bins: bin = value / width - origin. */
interface Binning {
  readonly bins: number;
  readonly min: number;
  readonly max: number;
  readonly width: number;
}

/**
 * Σ p_fm log(p_fm / (p_f p_m)), nats, of a joint histogram with a box window on the fixed value and a cubic
 * B-spline window β on the moving: D. Mattes et al., IEEE Trans. Med. Imaging 22(1), 2003, as in ITK's
 * MattesMutualInformationImageToImageMetricv4. The bins span each image's range within its mask, 2 more on
 * either side. By a moving value Σ_bins β'(bin) log(p_fm / p_m) / (N width), since Σ p = 1 takes the rest.
 *
 * A moving value beyond the range, which only interpolation can give, counts as the end of it, flat; ITK drops
 * the sample. A constant image tells nothing: 0, flat.
 *
 * @param bins - number of bins per image, padding included, at least 5
 */
export function mattesMutualInformation(operation: Metric, bins: number): Measure {
  const { fixed, moving, fixedMask, movingMask } = operation;
  const binnings = Array.from({ length: fixed.channels }, (_, channel) => ({
    fixed: binning(valueRange(fixed, channel, fixedMask), bins),
    moving: binning(valueRange(moving, channel, movingMask), bins),
  }));
  return {
    sign: -1,
    judge: async (samples) => {
      const { fixed: f, moving: m } = binnings[samples.channel];
      if (!(f.width > 0) || !(m.width > 0)) {
        return { figure: 0, slopes: new Float64Array(samples.valid.length) };
      }
      return judgeInformation(samples, f, m);
    },
  };
}

function binning([min, max]: readonly [number, number], bins: number): Binning {
  return { bins, min, max, width: (max - min) / (bins - 2 * PADDING) };
}

/** From PADDING, at the smallest value, to bins - PADDING, at the largest. */
function position(value: number, { min, max, width }: Binning): number {
  return (Math.min(Math.max(value, min), max) - min) / width + PADDING;
}

/** The bin that holds a position; the largest value belongs to the last bin within the padding. */
const binOf = (at: number, { bins }: Binning): number =>
  Math.min(Math.floor(at), bins - PADDING - 1);

function judgeInformation(samples: ChannelSamples, f: Binning, m: Binning): Judgement {
  const joint = jointDistribution(samples, f, m);
  const { fixedMarginal, movingMarginal } = marginals(joint, f.bins, m.bins);
  let figure = 0;
  // What a sample's weight in a bin adds: log(p_fm / p_m), 0 where nothing is.
  const logs = joint.map((p, at) => (p > 0 ? Math.log(p / movingMarginal[at % m.bins]) : 0));
  for (let at = 0; at < joint.length; at++) {
    if (joint[at] > 0) {
      figure += joint[at] * (logs[at] - Math.log(fixedMarginal[Math.floor(at / m.bins)]));
    }
  }
  return { figure, slopes: informationSlopes(samples, f, m, logs) };
}

/** p_fm, a row per fixed bin. */
function jointDistribution(samples: ChannelSamples, f: Binning, m: Binning): Float64Array {
  const { fixed, moving, valid } = samples;
  const joint = new Float64Array(f.bins * m.bins);
  const share = 1 / countValid(valid);
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0) continue;
    const row = binOf(position(fixed[i], f), f) * m.bins;
    const at = position(moving[i], m);
    const bin = binOf(at, m);
    for (let k = bin - 1; k <= bin + 2; k++) joint[row + k] += share * cubic(at - k);
  }
  return joint;
}

function marginals(
  joint: Float64Array,
  fixedBins: number,
  movingBins: number,
): { fixedMarginal: Float64Array; movingMarginal: Float64Array } {
  const fixedMarginal = new Float64Array(fixedBins);
  const movingMarginal = new Float64Array(movingBins);
  for (let at = 0; at < joint.length; at++) {
    fixedMarginal[Math.floor(at / movingBins)] += joint[at];
    movingMarginal[at % movingBins] += joint[at];
  }
  return { fixedMarginal, movingMarginal };
}

function informationSlopes(
  samples: ChannelSamples,
  f: Binning,
  m: Binning,
  logs: Float64Array,
): Float64Array {
  const { fixed, moving, valid } = samples;
  const slopes = new Float64Array(valid.length);
  const share = 1 / (countValid(valid) * m.width);
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0 || moving[i] < m.min || moving[i] > m.max) continue;
    const row = binOf(position(fixed[i], f), f) * m.bins;
    const at = position(moving[i], m);
    const bin = binOf(at, m);
    for (let k = bin - 1; k <= bin + 2; k++) {
      slopes[i] += share * cubicSlope(at - k) * logs[row + k];
    }
  }
  return slopes;
}

/** The cubic B-spline, 0 from |s| = 2. */
function cubic(s: number): number {
  const r = Math.abs(s);
  if (r >= 2) return 0;
  return r < 1 ? (4 + r * r * (3 * r - 6)) / 6 : (2 - r) ** 3 / 6;
}

function cubicSlope(s: number): number {
  const r = Math.abs(s);
  if (r >= 2) return 0;
  return Math.sign(s) * (r < 1 ? r * (1.5 * r - 2) : -((2 - r) ** 2) / 2);
}
