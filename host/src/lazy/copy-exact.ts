import type { Boundary, Image, Pixels, PixelType } from '@voxhost/sdk';
import { fillValue, pixelTypeFacts, toPixelValue, voxelCount } from '@voxhost/sdk';
import type { AxisRule } from './exact-map.js';
import { foldIndex } from './fold-index.js';

/** What a copy needs to know beside its rules. */
export interface CopyTarget {
  readonly size: readonly number[];
  readonly boundary: Boundary;
  readonly pixelType: PixelType;
}

/**
 * Writes `source` into `into` by whole indices, one rule per output axis: bit-exact where the pixel type
 * stays, rounded and saturated as the contract says where it changes.
 */
export function copyExact(
  source: Image,
  rules: readonly AxisRule[],
  target: CopyTarget,
  into: Pixels,
): void {
  const [xs, ys, zs] = axisTables(source.grid.size, rules, target);
  const fill = toPixelValue(fillValue(target.boundary), target.pixelType);
  const copyRow = rowCopier(source, target, xs, into);
  const plane = voxelCount(source.grid.size);
  let at = 0;
  for (let channel = 0; channel < source.channels; channel++) {
    for (const z of zs) {
      for (const y of ys) {
        if (z < 0 || y < 0) into.fill(fill, at, at + xs.length);
        else copyRow(channel * plane + z + y, at);
        at += xs.length;
      }
    }
  }
}

/** Source offset of every output index along x, y and z; -1 is outside. 2-D has one z at 0. */
function axisTables(
  sourceSize: readonly number[],
  rules: readonly AxisRule[],
  target: CopyTarget,
): readonly [Float64Array, Float64Array, Float64Array] {
  const table = (axis: number): Float64Array => {
    const rule = rules[axis];
    if (rule === undefined) return new Float64Array(1);
    const stride = voxelCount(sourceSize.slice(0, rule.axis));
    return Float64Array.from({ length: target.size[axis] ?? 1 }, (_, i) => {
      const from = rule.sign * i + rule.shift;
      const index = foldIndex(from, sourceSize[rule.axis] ?? 1, target.boundary.kind);
      return index < 0 ? -1 : index * stride;
    });
  };
  return [table(0), table(1), table(2)];
}

type RowCopier = (from: number, at: number) => void;

function rowCopier(source: Image, target: CopyTarget, xs: Float64Array, into: Pixels): RowCopier {
  const { data } = source;
  const fill = toPixelValue(fillValue(target.boundary), target.pixelType);
  const value = converter(source.pixelType, target.pixelType);
  const [first, last] = source.pixelType === target.pixelType ? longestRun(xs) : [0, 0];
  const copyEach = (from: number, at: number, begin: number, end: number): void => {
    for (let x = begin; x < end; x++) {
      const offset = xs[x];
      into[at + x] = offset < 0 ? fill : value(data[from + offset]);
    }
  };
  return (from, at) => {
    copyEach(from, at, 0, first);
    if (last > first) {
      const start = from + xs[first];
      into.set(data.subarray(start, start + last - first), at + first);
    }
    copyEach(from, at, last, xs.length);
  };
}

/** The longest stretch of neighbours that are neighbours in the source too: [first, last). */
function longestRun(xs: Float64Array): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  let first = 0;
  for (let x = 1; x <= xs.length; x++) {
    const breaks = x === xs.length || xs[x] !== xs[x - 1] + 1 || xs[x - 1] === -1;
    if (!breaks) continue;
    if (x - first > best[1] - best[0] && xs[first] !== -1) best = [first, x];
    first = x;
  }
  return best;
}

function converter(from: PixelType, to: PixelType): (value: number) => number {
  const range = pixelTypeFacts(to).range;
  if (from === to || range === undefined) return (value) => value;
  return (value) => toPixelValue(value, to);
}
