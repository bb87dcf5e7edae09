import { createGrid, voxelCount } from '../grid.js';
import { createImage, type Image } from '../image.js';
import { allocatePixels, type PixelType, pixelTypeFacts } from '../pixel-type.js';

/** A number from 0 to below 1 for every whole number: noise that is the same everywhere. */
export function noise(n: number): number {
  let h = Math.imul(n + 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Noise over the whole range of an integer type, so that a sign read wrong shows; ±100 for float types. */
export function noiseImage(pixelType: PixelType, size: readonly number[], channels = 1): Image {
  const data = allocatePixels(pixelType, voxelCount(size) * channels);
  const [min, max] = pixelTypeFacts(pixelType).range ?? [-100, 100];
  for (let i = 0; i < data.length; i++) data[i] = min + noise(i) * (max - min);
  return createImage(createGrid({ size }), data, channels);
}

/** A few labels in blobs of noise, from the ends and the middle of the type's range. */
export function labelImage(pixelType: PixelType, size: readonly number[], channels = 1): Image {
  const data = allocatePixels(pixelType, voxelCount(size) * channels);
  const [min, max] = pixelTypeFacts(pixelType).range ?? [-100, 100];
  const labels = [min, max, max - 1, Math.floor(max / 3)];
  for (let i = 0; i < data.length; i++) data[i] = labels[Math.floor(noise(i) * labels.length)];
  return createImage(createGrid({ size }), data, channels);
}

/** An image of one value. */
export function constantImage(pixelType: PixelType, size: readonly number[], value: number): Image {
  return createImage(createGrid({ size }), allocatePixels(pixelType, voxelCount(size)).fill(value));
}
