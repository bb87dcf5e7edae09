import { type Image, voxelCount } from '@voxhost/sdk';
import type { RandomStream } from '../lazy/random-stream.js';
import type { DefinedTransform, Params, SamplingTransform } from '../lazy/transform.js';
import { sizeOf, type Viewport } from '../lazy/viewport.js';
import { bad, sizesOr } from './define.js';
import { drawBox, type RandSpatialCropParams } from './rand-spatial-crop.js';
import { spatialCrop } from './spatial-crop.js';

export type RandSpatialCropSamplesParams = RandSpatialCropParams & { readonly num_samples: number };

/** Boxes at drawn places. */
export function randSpatialCropSamples(params: RandSpatialCropSamplesParams): SamplingTransform {
  return Object.freeze({
    kind: 'samples',
    name: 'RandSpatialCropSamples',
    params,
    sources: [],
    *draw(random: RandomStream, viewport: Viewport) {
      const size = sizeOf(viewport);
      const least = sizesOr(params.roi_size, size);
      const most = sizesOr(params.max_roi_size ?? -1, size);
      for (let i = 0; i < params.num_samples; i++) {
        yield [drawBox(random, { size, least, most, ...params })];
      }
    },
  });
}

/** What the crops about drawn centres take. */
export type CentredCropParams = {
  readonly spatial_size: number | readonly number[];
  /** Default 1. */
  readonly num_samples?: number;
  /** Crop what there is where the image is smaller, instead of refusing. Default false. */
  readonly allow_smaller?: boolean;
};

/** Draws the linear index of a centre. */
export type CentreDraw = (random: RandomStream) => number;

/** Crops about centres that voxels decide; a centre too near the edge is moved in, so no crop is cut short. */
export function centredCrops(
  name: string,
  params: CentredCropParams & Params,
  sources: readonly string[],
  prepare: (images: readonly Image[], size: readonly number[]) => CentreDraw,
): SamplingTransform {
  return Object.freeze({
    kind: 'samples',
    name,
    params,
    sources,
    *draw(random: RandomStream, viewport: Viewport, images: readonly Image[]) {
      const size = sizeOf(viewport);
      const wanted = sizesOr(params.spatial_size, size);
      const kept = wanted.map((w, a) => fitting(w, size[a], params.allow_smaller ?? false));
      for (const image of images) requireSize(image, size);
      const drawCentre = prepare(images, kept);
      for (let i = 0; i < (params.num_samples ?? 1); i++) {
        yield [cropAbout(drawCentre(random), size, kept)];
      }
    },
  });
}

function fitting(want: number, have: number, allowSmaller: boolean): number {
  if (want <= have || allowSmaller) return Math.min(want, have);
  throw bad('spatial_size', `${want} is more than the ${have} voxels there are; pad first`);
}

function requireSize(image: Image, size: readonly number[]): void {
  if (image.grid.size.join() === size.join()) return;
  throw bad('label', `has [${image.grid.size}] voxels where the image has [${size}]`);
}

function cropAbout(at: number, size: readonly number[], kept: readonly number[]): DefinedTransform {
  const centre = size.map((n, a) => {
    const index = Math.floor(at / voxelCount(size.slice(0, a))) % n;
    const least = Math.floor(kept[a] / 2);
    const most = Math.max(Math.trunc(n + 1 - kept[a] / 2) - 1, least);
    return Math.min(Math.max(index, least), most);
  });
  return spatialCrop({ roi_center: centre, roi_size: kept });
}
