/**
 * Largest pole of the filter that makes B-spline coefficients of orders 2 to 5.
 * M. Unser, A. Aldroubi, M. Eden, IEEE Trans. Signal Processing 41(2), 1993, table I.
 */
const LARGEST_POLE = [0.171573, 0.267949, 0.361341, 0.430575];

/**
 * What a sample beyond a cut may weigh in a coefficient that is used: the filter's response falls with the pole to the
 * distance, and its factor and sum over all that was cut off stay below 2^4 for every order. That leaves less than an
 * eighth of what rounding to float32, or float64, loses.
 */
const LEFT = { narrow: 2 ** -32, wide: 2 ** -61 } as const;

/** Samples that the filter has to see beyond those whose coefficients are used, where more follow. */
export function splineMargin(order: number, isWide: boolean): number {
  const pole = LARGEST_POLE[order - 2];
  return Math.ceil(Math.log(isWide ? LEFT.wide : LEFT.narrow) / Math.log(pole));
}
