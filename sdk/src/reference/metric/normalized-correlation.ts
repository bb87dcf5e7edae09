import { isConstant } from './is-constant.js';
import { type ChannelSamples, countValid, type Judgement, type Measure } from './measure.js';

/**
 * s_fm / √(s_ff s_mm), s_ab = Σ (a - ā)(b - b̄): Pearson's coefficient, from -1 to 1. By a moving value
 * (f - f̄)/√(s_ff s_mm) - ncc (m - m̄)/s_mm. An image that is constant over the samples correlates with none:
 * 0, flat.
 *
 * ITK's NormalizedCorrelationImageToImageMetric with SubtractMeanOn; that of the v4 framework is the square.
 */
export const normalizedCorrelation: Measure = {
  sign: -1,
  judge: async (samples) => judgeCorrelation(samples),
};

function judgeCorrelation({ fixed, moving, valid }: ChannelSamples): Judgement {
  const f = centred(fixed, valid);
  const m = centred(moving, valid);
  const slopes = new Float64Array(valid.length);
  const [sff, smm, sfm] = [dot(f, f), dot(m, m), dot(f, m)];
  const count = countValid(valid);
  if (isConstant(sff, count, largest(fixed)) || isConstant(smm, count, largest(moving))) {
    return { figure: 0, slopes };
  }
  const scale = Math.sqrt(sff) * Math.sqrt(smm);
  const figure = sfm / scale;
  for (let i = 0; i < valid.length; i++) slopes[i] = f[i] / scale - (figure * m[i]) / smm;
  return { figure, slopes };
}

/** Values less their mean, 0 for samples that do not count. The first is taken off before the sum, for its digits. */
function centred(values: Float64Array, valid: Uint8Array): Float64Array {
  const first = values[valid.indexOf(1)];
  let sum = 0;
  for (let i = 0; i < valid.length; i++) if (valid[i] === 1) sum += values[i] - first;
  const mean = sum / countValid(valid);
  return values.map((value, i) => (valid[i] === 1 ? value - first - mean : 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
