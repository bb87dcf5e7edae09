import type { ChannelSamples, Judgement, Measure } from './measure.js';

/**
 * 2 Σ f m / (Σ f + Σ m) of memberships from 0 to 1, one channel per label: L. R. Dice, Ecology 26(3), 1945,
 * continued to what interpolation gives. By a moving value 2 f / S - 2 Σ f m / S², S the denominator. Two
 * empty labels are alike: exactly 1, flat.
 */
export const dice: Measure = {
  sign: -1,
  judge: async (samples) => judgeDice(samples),
};

function judgeDice({ fixed, moving, valid }: ChannelSamples): Judgement {
  let both = 0;
  let either = 0;
  for (let i = 0; i < valid.length; i++) {
    both += fixed[i] * moving[i];
    either += fixed[i] + moving[i];
  }
  const slopes = new Float64Array(valid.length);
  if (either === 0) return { figure: 1, slopes };
  const figure = (2 * both) / either;
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 1) slopes[i] = (2 * fixed[i] - figure) / either;
  }
  return { figure, slopes };
}
