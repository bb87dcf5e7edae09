import type { BoundaryKind } from '../boundary.js';

/** How samples go on beyond both ends; `fill` is the boundary's own value. */
export type Extension = 'clamp' | 'reflect' | 'mirror' | 'periodic' | 'fill';

/**
 * What the taps of a boundary meet beyond the samples. `constant` and `wrap` have settled the position within
 * them, so only wide kernels reach beyond, where SciPy mirrors; `buffer` is ITK's: the edge, but mirror for B-splines.
 */
export function extensionOf(boundary: BoundaryKind, isSpline: boolean): Extension {
  switch (boundary) {
    case 'nearest':
      return 'clamp';
    case 'buffer':
      return isSpline ? 'mirror' : 'clamp';
    case 'constant':
    case 'wrap':
    case 'mirror':
      return 'mirror';
    case 'reflect':
      return 'reflect';
    case 'grid-wrap':
      return 'periodic';
    case 'grid-constant':
      return 'fill';
    default:
      return boundary satisfies never;
  }
}

/** The sample that stands at whole index `i` of an axis of `n`, or -1 for the fill value. */
export function foldIndex(i: number, n: number, extension: Extension): number {
  if (i >= 0 && i < n) return i;
  switch (extension) {
    case 'clamp':
      return i < 0 ? 0 : n - 1;
    case 'periodic':
      return modulo(i, n);
    case 'reflect': {
      const m = modulo(i, 2 * n);
      return m < n ? m : 2 * n - 1 - m;
    }
    case 'mirror': {
      const period = Math.max(1, 2 * n - 2);
      const m = modulo(i, period);
      return m < n ? m : period - m;
    }
    case 'fill':
      return -1;
    default:
      return extension satisfies never;
  }
}

/** From 0 to below `period`; exact, whatever the size of `x`. */
export function modulo(x: number, period: number): number {
  const rest = x % period;
  return rest < 0 ? rest + period : rest + 0;
}
