/**
 * Positions in two parts: float32 has seven digits, too few for an index and its fraction.
 * A position that is not finite has the fraction NaN.
 */
export interface SplitNumbers {
  /** Whole numbers. */
  readonly cell: Float32Array;
  /** From 0 to 1, since float32 rounds what is just below: the slope there is still that of the cell. */
  readonly frac: Float32Array;
}

/**
 * @param count - how many numbers
 * @param at - the n-th of them
 */
export function split(count: number, at: (n: number) => number): SplitNumbers {
  const cell = new Float32Array(count);
  const frac = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const value = at(n);
    const floor = Math.floor(value);
    cell[n] = Number.isFinite(value) ? floor : 0;
    frac[n] = value - floor;
  }
  return { cell, frac };
}
