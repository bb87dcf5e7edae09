/** What interpolating equal values leaves of their differences, relative to them: a few last bits. */
const ROUNDING = 1e-14;

/**
 * Are values equal but for rounding?
 *
 * @param squares - sum of squared deviations from the mean
 * @param largest - largest absolute value
 */
export const isConstant = (squares: number, count: number, largest: number): boolean =>
  squares <= count * (ROUNDING * largest) ** 2;
