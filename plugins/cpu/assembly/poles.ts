/**
 * Poles within the unit circle of the filter that turns samples into B-spline coefficients.
 * M. Unser, A. Aldroubi, M. Eden, IEEE Trans. Signal Processing 41(2), 1993, table I.
 */
export function pole(order: i32, which: i32): f64 {
  if (order == 2) return Math.sqrt(8) - 3;
  if (order == 3) return Math.sqrt(3) - 2;
  const sign: f64 = which == 0 ? 1 : -1;
  if (order == 4) return Math.sqrt(664 - sign * Math.sqrt(438976)) + sign * Math.sqrt(304) - 19;
  return Math.sqrt(67.5 - sign * Math.sqrt(4436.25)) + sign * Math.sqrt(26.25) - 6.5;
}

export function poleCount(order: i32): i32 {
  return order < 4 ? 1 : 2;
}
