/** What interpolating equal values leaves of their differences, relative to them. */
const ROUNDING = 1e-14;

/** Are values equal but for rounding? Of the sum of their squares about the mean, and about their size. */
export const isConstant = (squares: number, count: number, size: number): boolean =>
  squares <= count * (ROUNDING * size) ** 2;
