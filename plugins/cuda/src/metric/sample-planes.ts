import { asVolume, type Metric, PIXEL_TYPES, type Samples, voxelCount } from '@voxhost/sdk';
import type { Region } from '../device-memory.js';
import type { Engine } from '../engine.js';
import type { Holder } from '../holder.js';
import { OUTPUT, PLANES } from '../parameters.js';
import type { Tile } from './tiles.js';
import type { Wanted } from './wanted.js';

/** The values of a tile's samples on the device, until disposed. */
export interface SamplePlanes extends Disposable {
  readonly tile: Tile;
  /** The kernels' Planes: of the tile, and of all that was sampled for it. */
  readonly parameters: Uint8Array;
  readonly surroundings: Uint8Array;
  /** What was sampled: its size as of a volume, and how many samples of it come before the tile's. */
  readonly size: readonly number[];
  readonly before: number;
  /** Of the cotangents, which a plane per axis holds once they are made. */
  readonly cotangents: { readonly address: bigint; readonly stride: number };
  /** Where the samples lie in the fixed index space, as the kernels' Output: a list's address, or the size of the grid. */
  readonly sites: Uint8Array;
}

/** Planes of a tile before they are filled. */
export interface Target {
  readonly fixed: Region;
  readonly moving: Region;
  readonly valid: Region;
  readonly fixedMask: Region | undefined;
  readonly movingMask: Region | undefined;
}

/** Samples of the planes of a tile. */
export const volumeOf = (samples: Samples, tile: Tile): number =>
  'points' in samples ? tile.count : voxelCount(sizeOf(samples, tile));

/** As of a volume; of a list its length, 1, 1. */
export function sizeOf(samples: Samples, { count, slices }: Tile): readonly number[] {
  if ('points' in samples) return [count, 1, 1];
  return asVolume(samples.size).with(2, slices.count);
}

/** Bytes of the planes of one sample. */
export const bytesPerSample = (
  { fixed, fixedMask, movingMask }: Metric,
  gradient: boolean,
): number =>
  8 *
  (1 +
    (fixedMask ? 1 : 0) +
    (movingMask ? 1 : 0) +
    fixed.channels * (2 + (gradient ? fixed.grid.size.length : 0)));

/** Throws the driver's error where there is no room. */
export function takePlanes(
  { memory }: Engine,
  held: Holder,
  { fixed, fixedMask, movingMask }: Metric,
  { gradient, volume }: { readonly gradient: boolean; readonly volume: number },
): Target {
  const planes = (n: number): Region => held.add(memory.take(n * volume * 8));
  const { channels, grid } = fixed;
  return {
    fixed: planes(channels),
    moving: planes(channels * (gradient ? 1 + grid.size.length : 1)),
    valid: planes(1),
    fixedMask: fixedMask && planes(1),
    movingMask: movingMask && planes(1),
  };
}

/** What planes are of. */
interface Described {
  readonly operation: Metric;
  readonly wanted: Wanted;
  readonly tile: Tile;
  /** Of the list of points on the device; 0 for a grid. */
  readonly sites: bigint;
}

export function describePlanes(
  target: Target,
  { operation, wanted, tile, sites }: Described,
): Omit<SamplePlanes, typeof Symbol.dispose> {
  const { channels, grid } = operation.fixed;
  const { samples, gradient } = wanted;
  const size = sizeOf(samples, tile);
  const stride = volumeOf(samples, tile);
  const isList = 'points' in samples;
  const before = isList ? 0 : tile.first - tile.slices.first * size[0] * size[1];
  const planes = (skipped: number, count: number): Uint8Array => {
    const at = (region: Region | undefined) =>
      region === undefined ? 0 : region.address + BigInt(8 * skipped);
    return PLANES.pack({
      fixed: at(target.fixed),
      moving: at(target.moving),
      fixedMask: at(target.fixedMask),
      movingMask: at(target.movingMask),
      valid: at(target.valid),
      ...{ count, stride, channels, dims: grid.size.length },
      // Of a list the sites are those of the tile.
      first: isList ? 0 : tile.first - before + skipped,
      gradient: gradient ? 1 : 0,
    });
  };
  const whole = isList ? size : asVolume(samples.size);
  return {
    tile,
    parameters: planes(before, tile.count),
    surroundings: planes(0, stride),
    size,
    before,
    cotangents: {
      address: target.moving.address + BigInt(8 * (channels * stride + before)),
      stride: 8 * channels * stride,
    },
    sites: OUTPUT.pack({
      address: sites,
      start: [0, 0, 0],
      planeStride: 0,
      rowStride: 0,
      sliceStride: 0,
      size: whole,
      pixel: PIXEL_TYPES.indexOf('float64'),
    }),
  };
}
