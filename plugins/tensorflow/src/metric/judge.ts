/** Sums over the valid samples of one channel; the values have a constant taken off, for their digits. */
export interface Moments {
  readonly count: number;
  readonly fixed: number;
  readonly moving: number;
  readonly fixedSquares: number;
  readonly movingSquares: number;
  readonly products: number;
  /** Of (m - f)², of the values as they are. */
  readonly squaredDifferences: number;
}

/** What was taken off the values, and the largest that was left. */
export interface Shift {
  readonly fixed: number;
  readonly moving: number;
  readonly largestFixed: number;
  readonly largestMoving: number;
}

/** The figure, and its derivative by a moving value: `byFixed · f + byMoving · m + constant`, of shifted values. */
export interface Judgement {
  readonly figure: number;
  readonly byFixed: number;
  readonly byMoving: number;
  readonly constant: number;
}

export interface Measure {
  /** What makes a loss of the figure. */
  readonly sign: 1 | -1;
  judge(moments: Moments, shift: Shift): Judgement;
}

/** (1/N) Σ (m - f)². */
const meanSquares: Measure = {
  sign: 1,
  judge: ({ count, squaredDifferences }, { fixed, moving }) => ({
    figure: squaredDifferences / count,
    byFixed: -2 / count,
    byMoving: 2 / count,
    constant: (2 * (moving - fixed)) / count,
  }),
};

/** What float32 leaves of equal values, relative to the largest. */
const ROUNDING = 2 ** -23;

/** s_fm / √(s_ff s_mm), s_ab = Σ (a - ā)(b - b̄); a constant image correlates with none: 0, flat. */
const normalizedCorrelation: Measure = {
  sign: -1,
  judge(moments, shift) {
    const { count } = moments;
    const [f, m] = [moments.fixed / count, moments.moving / count];
    const sff = moments.fixedSquares - count * f * f;
    const smm = moments.movingSquares - count * m * m;
    const sfm = moments.products - count * f * m;
    const isConstant = (squares: number, largest: number) =>
      squares <= count * (ROUNDING * largest) ** 2;
    if (isConstant(sff, shift.largestFixed) || isConstant(smm, shift.largestMoving)) {
      return { figure: 0, byFixed: 0, byMoving: 0, constant: 0 };
    }
    const byFixed = 1 / (Math.sqrt(sff) * Math.sqrt(smm));
    const figure = sfm * byFixed;
    const byMoving = -figure / smm;
    return { figure, byFixed, byMoving, constant: -f * byFixed - m * byMoving };
  },
};

/** Formulas and degenerate cases are those of `sdk/reference/metric`, which tests compare. */
export const MEASURES: ReadonlyMap<string, Measure> = new Map([
  ['mean-squares', meanSquares],
  ['normalized-correlation', normalizedCorrelation],
]);
