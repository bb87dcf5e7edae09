import { type ChannelSamples, countValid, type Judgement, type Measure } from './measure.js';

/**
 * (1/N) Σ (m - f)², the loss itself; by a moving value 2 (m - f) / N. ITK's MeanSquaresImageToImageMetricv4.
 */
export const meanSquares: Measure = {
  sign: 1,
  judge: async (samples) => judgeMeanSquares(samples),
};

function judgeMeanSquares({ fixed, moving, valid }: ChannelSamples): Judgement {
  const count = countValid(valid);
  const slopes = new Float64Array(valid.length);
  let sum = 0;
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0) continue;
    const difference = moving[i] - fixed[i];
    sum += difference * difference;
    slopes[i] = (2 * difference) / count;
  }
  return { figure: sum / count, slopes };
}
