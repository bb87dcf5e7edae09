import {
  allocatePixels,
  type Boundary,
  fillValue,
  type Image,
  type Pixels,
  type PixelType,
  pixelTypeFacts,
  toPixelValue,
  voxelCount,
} from '@voxhost/sdk';
import type { AxisRule } from './exact-map.js';
import { foldIndex } from './fold-index.js';
import { gatherPlane, type Stretch } from './gather-plane.js';
import { type ReorderedBox, reorderBox } from './reorder-box.js';

/** What a copy needs to know beside its rules. */
export interface CopyTarget {
  readonly size: readonly number[];
  readonly boundary: Boundary;
  readonly pixelType: PixelType;
}

/**
 * Writes `source` into `into` by whole indices, one rule per output axis: bit by bit where the pixel type
 * stays, rounded and saturated as the contract says where it changes.
 */
export function copyExact(
  source: Image,
  rules: readonly AxisRule[],
  target: CopyTarget,
  into: Pixels,
): void {
  const same = source.pixelType === target.pixelType;
  const fill = allocatePixels(target.pixelType, 1).fill(
    toPixelValue(fillValue(target.boundary), target.pixelType),
  );
  const [from, to, [value]] = same
    ? [source.data, into, fill].map(bitsOf)
    : [source.data, into, fill];
  const convert = same ? undefined : converter(target.pixelType);
  const plane = voxelCount(source.grid.size);
  const outPlane = voxelCount(target.size);
  const offsets = target.size.map((_, axis) => offsetsAlong(axis, source.grid.size, rules, target));
  const nearest = rules.findIndex(({ axis }) => axis === 0);
  const inside = same ? rules.map((rule, axis) => insideOf(rule, source, target.size[axis])) : [];
  const box = boxOf(source, rules, inside, target.size);
  for (let c = 0; c < source.channels; c++) {
    const data = from.subarray(c * plane, (c + 1) * plane);
    const out = to.subarray(c * outPlane, (c + 1) * outPlane);
    if (box) reorderBox(bytesOf(data), bytesOf(out), box);
    if (box && voxelCount(box.counts) === outPlane) continue;
    const done = box && { done: inside };
    gatherPlane(
      { data, into: out, fill: value, ...done, ...(convert && { convert }) },
      offsets,
      nearest,
    );
  }
}

/** The output indices whose voxels are neighbours in the source as well, and not outside. */
function insideOf({ axis, step, shift }: AxisRule, source: Image, count: number): Stretch {
  const last = source.grid.size[axis] - 1;
  if (Math.abs(step) !== 1) return { first: 0, end: 0 };
  const [low, high] = step > 0 ? [0 - shift, last - shift] : [shift - last, shift];
  const first = Math.max(0, low);
  return { first, end: Math.max(first, Math.min(count, high + 1)) };
}

/** The box of what is inside on all axes, as a volume; undefined where there is none. */
function boxOf(
  source: Image,
  rules: readonly AxisRule[],
  inside: readonly Stretch[],
  size: readonly number[],
): ReorderedBox | undefined {
  const counts = inside.map(({ first, end }) => end - first);
  if (counts.length === 0 || counts.includes(0)) return undefined;
  const strides = rules.map(({ axis }) => voxelCount(source.grid.size.slice(0, axis)));
  const places = inside.map(
    ({ first }, a) => (rules[a].step * first + rules[a].shift) * strides[a],
  );
  const toSteps = size.map((_, axis) => voxelCount(size.slice(0, axis)));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    counts: asThree(counts, 1),
    from: sum(places),
    fromSteps: asThree(
      rules.map(({ step }, a) => step * strides[a]),
      voxelCount(source.grid.size),
    ),
    to: sum(inside.map(({ first }, a) => first * toSteps[a])),
    toSteps: asThree(toSteps, voxelCount(size)),
    bytes: source.data.BYTES_PER_ELEMENT,
  };
}

/** A picture is a volume of one slice. */
const asThree = (values: readonly number[], third: number): readonly number[] =>
  values.length === 2 ? [...values, third] : values;

/** Source offset of every output index along an axis; -1 is outside. */
function offsetsAlong(
  axis: number,
  sourceSize: readonly number[],
  rules: readonly AxisRule[],
  target: CopyTarget,
): Float64Array {
  const rule = rules[axis];
  const stride = voxelCount(sourceSize.slice(0, rule.axis));
  return Float64Array.from({ length: target.size[axis] }, (_, i) => {
    const from = rule.step * i + rule.shift;
    const index = foldIndex(from, sourceSize[rule.axis], target.boundary.kind);
    return index < 0 ? -1 : index * stride;
  });
}

/** Numbers as wide as the pixels, over the same memory: a copy of these keeps every bit, also of a NaN. */
function bitsOf(pixels: Pixels): Pixels {
  const { buffer, byteOffset, length } = pixels;
  switch (pixels.BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    default:
      return new Float64Array(buffer, byteOffset, length);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Pixels): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A value as the type holds it. */
function converter(pixelType: PixelType): (value: number) => number {
  if (pixelTypeFacts(pixelType).range === undefined) return (value) => value;
  return (value) => toPixelValue(value, pixelType);
}
