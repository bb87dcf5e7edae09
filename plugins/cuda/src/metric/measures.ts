/** Sums over the samples that count, of one channel; products less their means. */
export interface Moments {
  readonly count: number;
  readonly fixedMean: number;
  readonly movingMean: number;
  /** Σ f'f', Σ m'm', Σ f'm'. */
  readonly ff: number;
  readonly mm: number;
  readonly fm: number;
  /** Σ (m - f)². */
  readonly squares: number;
  /** Means of the absolute values. */
  readonly fixedSize: number;
  readonly movingSize: number;
}

/** What a measure says of one channel: its figure, and the figure's slope by a moving value, α f' + β m'. */
export interface Verdict {
  readonly figure: number;
  readonly fixedFactor: number;
  readonly movingFactor: number;
  /** Are f' and m' less their means? */
  readonly centred: boolean;
}

export interface Measure {
  /** What makes a loss of the figure. */
  readonly sign: 1 | -1;
  judge(moments: Moments): Verdict;
}

/** What interpolating equal values leaves of their differences, relative to them. */
const ROUNDING = 1e-14;

const isConstant = (squares: number, count: number, size: number): boolean =>
  squares <= count * (ROUNDING * size) ** 2;

/** (1/N) Σ (m - f)²; by a moving value 2 (m - f) / N. */
const meanSquares: Measure = {
  sign: 1,
  judge: ({ count, squares }) => ({
    figure: squares / count,
    fixedFactor: -2 / count,
    movingFactor: 2 / count,
    centred: false,
  }),
};

/** s_fm / √(s_ff s_mm); by a moving value f'/√(s_ff s_mm) - ncc m'/s_mm. What is constant correlates with nothing. */
const normalizedCorrelation: Measure = {
  sign: -1,
  judge({ count, ff, mm, fm, fixedSize, movingSize }) {
    if (isConstant(ff, count, fixedSize) || isConstant(mm, count, movingSize))
      return { figure: 0, fixedFactor: 0, movingFactor: 0, centred: true };
    const scale = Math.sqrt(ff) * Math.sqrt(mm);
    const figure = fm / scale;
    return { figure, fixedFactor: 1 / scale, movingFactor: -figure / mm, centred: true };
  },
};

/** The metrics that are made of moments. */
export const MEASURES: { readonly [name: string]: Measure } = {
  'mean-squares': meanSquares,
  'normalized-correlation': normalizedCorrelation,
};
