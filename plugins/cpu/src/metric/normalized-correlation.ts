import { byMoments, type Linear, type Moments } from './moments.js';

/** What interpolating equal values leaves of their differences, relative to them. */
const ROUNDING = 1e-14;
/**
 * Share of the squared values that their deviations from the mean must be, or the mean is taken off first: float32
 * sums keep 6 digits.
 */
const LEAST_SHARE = 0.1;

/**
 * s_fm / √(s_ff s_mm), by a moving value (f - f̄)/√(s_ff s_mm) - ncc (m - m̄)/s_mm. Values are summed less the mean of
 * their image, and where the samples' own mean is far from that, once more less it. An image that is constant over the
 * samples correlates with none: 0, flat.
 */
export const normalizedCorrelation = byMoments({
  sign: -1,
  shiftsOf: ({ subject: { residents } }) =>
    residents.fixedSurvey.channels.map(({ mean }, channel) => ({
      fixed: mean,
      moving: residents.movingSurvey.channels[channel].mean,
    })),
  betterShifts(moments) {
    const lost = moments.some((one) => isLost(ofFixed(one)) || isLost(ofMoving(one)));
    if (!lost) return undefined;
    return moments.map((one) => ({ fixed: meanOf(ofFixed(one)), moving: meanOf(ofMoving(one)) }));
  },
  judge: judgeCorrelation,
});

/** Moments of one image, of values less the shift. */
interface Spread {
  readonly count: number;
  readonly shift: number;
  readonly sum: number;
  readonly squares: number;
}

const ofFixed = ({ count, fixedShift: shift, f: sum, ff: squares }: Moments): Spread => ({
  count,
  shift,
  sum,
  squares,
});

const ofMoving = ({ count, movingShift: shift, m: sum, mm: squares }: Moments): Spread => ({
  count,
  shift,
  sum,
  squares,
});

const meanOf = ({ count, shift, sum }: Spread): number => shift + sum / count;

/** Σ of the squared deviations from the mean. */
const deviationOf = ({ count, sum, squares }: Spread): number => squares - (sum * sum) / count;

const isFlat = (spread: Spread): boolean =>
  deviationOf(spread) <= spread.count * (ROUNDING * meanOf(spread)) ** 2;

const isLost = (spread: Spread): boolean =>
  !isFlat(spread) && deviationOf(spread) < LEAST_SHARE * spread.squares;

function judgeCorrelation(moments: Moments): Linear {
  const [fixed, moving] = [ofFixed(moments), ofMoving(moments)];
  if (isFlat(fixed) || isFlat(moving)) return { figure: 0, slopes: [0, 0, 0] };
  const { count, f, m, fm } = moments;
  const [sff, smm] = [deviationOf(fixed), deviationOf(moving)];
  const scale = Math.sqrt(sff) * Math.sqrt(smm);
  const figure = (fm - (f * m) / count) / scale;
  const [alpha, beta] = [1 / scale, -figure / smm];
  return { figure, slopes: [alpha, beta, -(alpha * f + beta * m) / count] };
}
