import type { Block } from '@voxhost/sdk';
import type { Span, Spans } from './box.js';

/** Splits an output into boxes that fit, halving their longest axis; undefined where a single voxel does not fit. */
export function planBoxes(
  size: readonly number[],
  fits: (block: Block) => boolean,
): readonly Block[] | undefined {
  const halve = (block: Block): readonly Block[] | undefined => {
    if (fits(block)) return [block];
    const longest = Math.max(...block.size);
    if (longest <= 1) return undefined;
    const axis = block.size.lastIndexOf(longest);
    const half = Math.ceil(longest / 2);
    const rest = block.start.with(axis, block.start[axis] + half);
    const before = halve({ start: block.start, size: block.size.with(axis, half) });
    const after = before && halve({ start: rest, size: block.size.with(axis, longest - half) });
    return after && [...before, ...after];
  };
  return halve({ size, start: size.map(() => 0) });
}

/**
 * Splits points into groups that fit, by the middle of the axis along which they are widest; undefined where a single one
 * does not fit.
 */
export function planGroups(
  points: Float64Array,
  dims: number,
  fits: (group: Uint32Array) => boolean,
): readonly Uint32Array[] | undefined {
  const halve = (group: Uint32Array): readonly Uint32Array[] | undefined => {
    if (fits(group)) return [group];
    if (group.length <= 1) return undefined;
    const spans = pointBounds(points, dims, group);
    const widths = spans.map(({ low, high }) => high - low);
    const axis = widths.indexOf(Math.max(...widths));
    // What is no number goes anywhere, but always to the same place.
    const at = (n: number): number => points[n * dims + axis] || 0;
    const sorted = group.toSorted((a, b) => at(a) - at(b) || a - b);
    const half = Math.ceil(sorted.length / 2);
    const before = halve(sorted.subarray(0, half));
    const after = before && halve(sorted.subarray(half));
    return after && [...before, ...after];
  };
  return halve(Uint32Array.from({ length: points.length / dims }, (_, n) => n));
}

/** Of the finite coordinates of a group; 0 where there is none. */
export function pointBounds(points: Float64Array, dims: number, group: Uint32Array): Spans {
  const span = (axis: number): Span =>
    axis < dims ? finiteBounds(points, group, (n) => n * dims + axis) : { low: 0, high: 0 };
  return [span(0), span(1), span(2)];
}

function finiteBounds(
  points: Float64Array,
  group: Uint32Array,
  placeOf: (point: number) => number,
): Span {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const n of group) {
    const x = points[placeOf(n)];
    if (!Number.isFinite(x)) continue;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}
