/** Passes over the unknowns; each pass is a handful of multiplications, and a few hundred already suffice. */
const MOST_PASSES = 20_000;
/** Relative change below which nothing more is to be gained. */
const SETTLED = 1e-12;

/**
 * Minimises |rows · x - wanted|² over x >= 0 by coordinate descent, whose every step solves one unknown
 * exactly, so the error never grows. Columns are scaled to length 1 first.
 */
export function solveNonNegative(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
): readonly number[] {
  const unknowns = rows[0]?.length ?? 0;
  const columns = Array.from({ length: unknowns }, (_, c) => rows.map((row) => row[c] ?? 0));
  const lengths = columns.map((column) => Math.hypot(...column));
  const units = columns.map((column, c) => column.map((v) => v / (lengths[c] || 1)));
  const x = new Float64Array(unknowns);
  const rest = [...wanted];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    if (descend(units, x, rest) < SETTLED * Math.hypot(...wanted)) break;
  }
  return Array.from(x, (v, c) => v / (lengths[c] || 1));
}

/** One pass over all unknowns; returns the largest change. `rest` stays wanted - units · x. */
function descend(units: readonly (readonly number[])[], x: Float64Array, rest: number[]): number {
  let largest = 0;
  for (const [c, unit] of units.entries()) {
    const here = x[c] ?? 0;
    const gain = unit.reduce((sum, v, r) => sum + v * (rest[r] ?? 0), 0);
    const step = Math.max(-here, gain);
    x[c] = here + step;
    for (const [r, v] of unit.entries()) rest[r] = (rest[r] ?? 0) - step * v;
    largest = Math.max(largest, Math.abs(step));
  }
  return largest;
}
