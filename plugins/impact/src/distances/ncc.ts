import type { Distance, FeaturePair } from './distance.js';

/** A channel is constant when Σ(x - x̄)² is at most this times Σx²: below, only rounding is left. */
const CONSTANT = 1e-12;

/**
 * -mean_c of the correlation over the samples, per channel. A channel that is constant on either side adds
 * 0 and still counts; so does every channel of a single sample.
 */
export const ncc: Distance = {
  scope: 'all',
  evaluate(pair: FeaturePair, modulator?: Float64Array): number {
    let sum = 0;
    for (let c = 0; c < pair.channels; c++) sum += correlate(pair, c, modulator);
    return 0 - sum / pair.channels;
  },
};

/** Two passes, so that an offset of the features costs no digits. */
function correlate(pair: FeaturePair, channel: number, modulator?: Float64Array): number {
  const { fixed, moving, channels } = pair;
  const f = centred(fixed, channel, channels);
  const m = centred(moving, channel, channels);
  let product = 0;
  for (let i = channel; i < moving.length; i += channels) {
    product += (fixed[i] - f.mean) * (moving[i] - m.mean);
  }
  const isConstant = f.isConstant || m.isConstant;
  const perNorms = isConstant ? 0 : 1 / (Math.sqrt(f.spread) * Math.sqrt(m.spread));
  const perSquare = isConstant ? 0 : 1 / m.spread;
  const correlation = product * perNorms;
  if (modulator === undefined) return correlation;
  for (let i = channel; i < moving.length; i += channels) {
    const turn = perNorms * (fixed[i] - f.mean) - correlation * perSquare * (moving[i] - m.mean);
    modulator[i] = 0 - turn / channels;
  }
  return correlation;
}

function centred(values: Float32Array | Float64Array, channel: number, channels: number) {
  const count = values.length / channels;
  let sum = 0;
  let squares = 0;
  for (let i = channel; i < values.length; i += channels) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  const mean = sum / count;
  let spread = 0;
  for (let i = channel; i < values.length; i += channels) spread += (values[i] - mean) ** 2;
  return { mean, spread, isConstant: count < 2 || spread <= CONSTANT * squares };
}
