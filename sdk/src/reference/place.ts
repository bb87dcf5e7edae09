import type { BoundaryKind } from '../boundary.js';
import { modulo } from './fold.js';

/** Takes a position along an axis of `n` samples to where its taps are sought, NaN where only the fill value is. */
export type Place = (x: number, n: number) => number;

const within: Place = (x, n) => (x >= 0 && x <= n - 1 ? x : Number.NaN);
const withinBuffer: Place = (x, n) => (x >= -0.5 && x < n - 0.5 ? x : Number.NaN);
const asIs: Place = (x) => x;

/** SciPy's `wrap`: whole periods of n-1 are taken off until 0 ≤ x ≤ n-1; -(n-1) comes to n-1, 2(n-1) to 0. */
const wrapped: Place = (x, n) => {
  if (x >= 0 && x <= n - 1) return x;
  if (n === 1) return 0;
  const rest = modulo(x, n - 1);
  return x < 0 && rest === 0 ? n - 1 : rest;
};

/**
 * Where a boundary sends a position before taps are sought. A kernel that rounds needs the position itself
 * folded, as SciPy and torch do, so that ties fall as theirs; every other kernel meets the same values at
 * the folded taps, with the slope of the true cell.
 */
export function placeFor(boundary: BoundaryKind, rounds: boolean): Place {
  switch (boundary) {
    case 'constant':
      return within;
    case 'buffer':
      return withinBuffer;
    case 'wrap':
      return wrapped;
    case 'reflect':
      return rounds ? reflected : asIs;
    case 'mirror':
      return rounds ? mirrored : asIs;
    case 'grid-wrap':
      return rounds ? periodic : asIs;
    case 'nearest':
    case 'grid-constant':
      return asIs;
    default:
      return boundary satisfies never;
  }
}

const reflected: Place = (x, n) => {
  if (x >= 0 && x <= n - 1) return x;
  const rest = modulo(x + 0.5, 2 * n) - 0.5;
  return rest <= n - 0.5 ? rest : 2 * n - 1 - rest;
};

/** As SciPy folds: what is in (n-1, n) stays there, so that its tie rounds up and then folds. */
const mirrored: Place = (x, n) => {
  if (x >= 0 && x <= n - 1) return x;
  if (n === 1) return 0;
  const period = 2 * n - 2;
  const rest = modulo(Math.abs(x), period);
  const stays = x < 0 ? rest <= n - 1 : rest < n;
  return stays ? rest : period - rest;
};

const periodic: Place = (x, n) => (x >= 0 && x <= n - 1 ? x : modulo(x, n));
