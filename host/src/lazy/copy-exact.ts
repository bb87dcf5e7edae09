import type { Boundary, Image, Pixels, PixelType } from '@voxhost/sdk';
import { allocatePixels, fillValue, pixelTypeFacts, toPixelValue, voxelCount } from '@voxhost/sdk';
import { copyPlane } from './copy-plane.js';
import type { AxisRule } from './exact-map.js';
import { foldIndex } from './fold-index.js';

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
  for (let c = 0; c < source.channels; c++) {
    const data = from.subarray(c * plane, (c + 1) * plane);
    const out = to.subarray(c * outPlane, (c + 1) * outPlane);
    copyPlane({ data, into: out, fill: value, ...(convert && { convert }) }, offsets, nearest);
  }
}

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
    const from = rule.sign * i + rule.shift;
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

/** A value as the type holds it. */
function converter(pixelType: PixelType): (value: number) => number {
  if (pixelTypeFacts(pixelType).range === undefined) return (value) => value;
  return (value) => toPixelValue(value, pixelType);
}
