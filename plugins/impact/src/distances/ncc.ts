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
  const f = centred(fixed, channel);
  const m = centred(moving, channel);
  let product = 0;
  for (let i = first; i < end; i += step) product += (fixed[i] - f.mean) * (moving[i] - m.mean);
  const isConstant = f.isConstant || m.isConstant;
  const perNorms = isConstant ? 0 : 1 / (Math.sqrt(f.spread) * Math.sqrt(m.spread));
  const perSquare = isConstant ? 0 : 1 / m.spread;
  const correlation = product * perNorms;
  if (modulator === undefined) return correlation;
  for (let i = first; i < end; i += step) {
    const turn = perNorms * (fixed[i] - f.mean) - correlation * perSquare * (moving[i] - m.mean);
    modulator[i] -= turn / channels;
  }
  return correlation;
}

function centred(values: Float32Array | Float64Array, { first, step, end }: Channel) {
  const count = (end - first) / step;
  let sum = 0;
  let squares = 0;
  for (let i = first; i < end; i += step) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  const mean = sum / count;
  let spread = 0;
  for (let i = first; i < end; i += step) spread += (values[i] - mean) ** 2;
  return { mean, spread, isConstant: count < 2 || spread <= CONSTANT * squares };
}
