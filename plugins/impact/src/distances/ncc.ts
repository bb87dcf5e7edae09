import { type Distance, type FeaturePair, layoutOf } from './distance.js';

/** A channel is constant when Σ(x - x̄)² is at most this times Σx²: below, only rounding is left. */
const CONSTANT = 1e-12;

/**
 * -mean_c of the correlation over the samples, per channel. A channel that is constant on either side adds
 * 0 and still counts; so does every channel of a single sample.
 */
export const ncc: Distance = {
  scope: 'all',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    const { places, step } = layoutOf(pair);
    let sum = 0;
    for (const first of places) {
      sum += correlate(pair, { first, step, end: first + pair.samples * step }, modulator);
    }
    return 0 - sum / pair.channels;
  },
};

/** The samples of one channel. */
interface Channel {
  readonly first: number;
  readonly step: number;
  /** One step past the last. */
  readonly end: number;
}

/** Two passes, so that an offset of the features costs no digits. */
function correlate(pair: FeaturePair, channel: Channel, modulator?: Float64Array): number {
  const { fixed, moving, channels } = pair;
  const { first, step, end } = channel;
  const f = meanOf(fixed, channel);
  const m = meanOf(moving, channel);
  let fixedSpread = 0;
  let movingSpread = 0;
  let product = 0;
  for (let i = first; i < end; i += step) {
    const df = fixed[i] - f.mean;
    const dm = moving[i] - m.mean;
    fixedSpread += df * df;
    movingSpread += dm * dm;
    product += df * dm;
  }
  const isConstant = isLevel(fixedSpread, f, channel) || isLevel(movingSpread, m, channel);
  const perNorms = isConstant ? 0 : 1 / (Math.sqrt(fixedSpread) * Math.sqrt(movingSpread));
  const perSquare = isConstant ? 0 : 1 / movingSpread;
  const correlation = product * perNorms;
  if (modulator === undefined) return correlation;
  for (let i = first; i < end; i += step) {
    const turn = perNorms * (fixed[i] - f.mean) - correlation * perSquare * (moving[i] - m.mean);
    modulator[i] -= turn / channels;
  }
  return correlation;
}

interface Mean {
  readonly mean: number;
  /** Sum of squares, not centred. */
  readonly squares: number;
}

function meanOf(values: Float32Array | Float64Array, { first, step, end }: Channel): Mean {
  let sum = 0;
  let squares = 0;
  for (let i = first; i < end; i += step) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  return { mean: sum / ((end - first) / step), squares };
}

const isLevel = (spread: number, { squares }: Mean, { first, step, end }: Channel): boolean =>
  end - first < 2 * step || spread <= CONSTANT * squares;
