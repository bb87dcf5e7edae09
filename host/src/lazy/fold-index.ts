import type { BoundaryKind } from '@voxhost/sdk';

/**
 * The sample of 0 .. size-1 that a whole index stands for, or -1 where the boundary gives its value.
 * At whole indices `constant`, `grid-constant` and `buffer` agree.
 */
export function foldIndex(index: number, size: number, kind: BoundaryKind): number {
  if (index >= 0 && index < size) return index;
  switch (kind) {
    case 'constant':
    case 'grid-constant':
    case 'buffer':
      return -1;
    case 'nearest':
      return index < 0 ? 0 : size - 1;
    case 'reflect':
      return reflected(modulo(index, 2 * size), 2 * size - 1, size);
    case 'mirror':
      return size === 1 ? 0 : reflected(modulo(index, 2 * size - 2), 2 * size - 2, size);
    case 'grid-wrap':
      return modulo(index, size);
    case 'wrap':
      return overlapping(index, size);
    default:
      return kind satisfies never;
  }
}

const modulo = (index: number, period: number): number => ((index % period) + period) % period;

const reflected = (index: number, last: number, size: number): number =>
  index < size ? index : last - index;

/** SciPy's `wrap` has period n-1; a multiple of it from below ends at n-1, from above at 0 (`map_coordinate` of ni_interpolation.c). */
function overlapping(index: number, size: number): number {
  const period = size - 1;
  if (period === 0) return 0;
  if (index < 0) return index + period * (Math.trunc(-index / period) + 1);
  return index - period * Math.trunc(index / period);
}
