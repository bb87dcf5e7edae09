import { asVolume, type Image, PIXEL_TYPES, type PixelType, pixelTypeFacts } from '@voxhost/sdk';
import type { Made, Region } from './device-memory.js';
import type { Engine } from './engine.js';
import { SOURCE } from './parameters.js';
import { type Box, boxVolume, placeBox } from './parts/box.js';
import { boxRows } from './parts/box-rows.js';

/** Samples on the device, as the kernels' Source. */
export interface ResidentSource {
  readonly parameters: Uint8Array;
}

/** What a region of the device holds of an image. */
export interface Layout {
  readonly pixelType: PixelType;
  /** Of all samples, margins included. */
  readonly size: readonly number[];
  readonly margin: number;
  /** The samples that are there, x fastest, then channel by channel. */
  readonly box: Box;
}

/** Brings a box of an image's pixels to the device. For who has the lanes. Throws the driver's error. */
export async function loadPixels(
  { memory, lanes }: Engine,
  image: Image,
  box: Box,
): Promise<Made<ResidentSource>> {
  const { pixelType, channels, grid, data } = image;
  const size = asVolume(grid.size);
  const region = memory.take(boxVolume(box) * channels * data.BYTES_PER_ELEMENT);
  return await orRelease(region, async () => {
    await lanes.uploadAll(region.address, boxRows(data, size, channels, box));
    return sourceOf(region, image, { pixelType, size, margin: 0, box });
  });
}

/** The kernels' Source of a region, which goes with it. */
export function sourceOf(
  region: Region,
  { channels, grid }: Image,
  { pixelType, size, margin, box }: Layout,
): Made<ResidentSource> {
  const { offset, ...strides } = placeBox(box, pixelTypeFacts(pixelType).bytes);
  const parameters = SOURCE.pack({
    address: region.address + BigInt(offset),
    channelStride: boxVolume(box),
    ...strides,
    size,
    margin,
    pixel: PIXEL_TYPES.indexOf(pixelType),
    channels,
    dims: grid.size.length,
  });
  return {
    value: { parameters },
    bytes: region.bytes,
    [Symbol.dispose]: () => region[Symbol.dispose](),
  };
}

export async function orRelease<T>(region: Disposable, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    region[Symbol.dispose]();
    throw error;
  }
}
