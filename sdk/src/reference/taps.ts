/** The samples along one axis that a value depends on. */
export interface Taps {
  /** Whole numbers; may lie outside the samples. */
  readonly index: Float64Array;
  readonly weight: Float64Array;
  /** Derivative of each weight by the position. */
  readonly slope: Float64Array;
}

/** How an interpolator weighs the samples of one axis, each of which is 1 apart. */
export interface Kernel {
  /** Number of taps. */
  readonly support: number;
  /** Does the value jump at ties, so that a boundary must fold the position before it is rounded? */
  readonly rounds: boolean;
  /** Fills the taps for position `x` among `n` samples. */
  fill(x: number, n: number, taps: Taps): void;
}

export const createTaps = (support: number): Taps => ({
  index: new Float64Array(support),
  weight: new Float64Array(support),
  slope: new Float64Array(support),
});
