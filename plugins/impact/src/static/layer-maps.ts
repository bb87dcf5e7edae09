import type { Image, Prepared } from '@voxhost/sdk';
import type { Preparation } from '../mode.js';
import { mapDemand } from './feature-maps.js';

/** One layer's maps, resident with the resampler. */
export interface LayerMaps {
  readonly fixed: Prepared<'resample'>;
  readonly moving: Prepared<'resample'>;
  /** Features per voxel of the image, along each axis. */
  readonly fixedRatio: readonly number[];
  readonly movingRatio: readonly number[];
}

/** Hands a layer's maps to the resampler. */
export async function prepareLayer(
  preparation: Preparation,
  fixed: Image,
  moving: Image,
): Promise<LayerMaps> {
  const { operation } = preparation;
  const ofFixed = await prepareMap(preparation, fixed, false);
  return {
    fixed: ofFixed,
    moving: await prepareMap(preparation, moving, operation.derivative),
    fixedRatio: ratio(operation.fixed, fixed),
    movingRatio: ratio(operation.moving, moving),
  };
}

const ratio = (image: Image, map: Image): readonly number[] =>
  image.grid.spacing.map((mm, a) => mm / map.grid.spacing[a]);

const prepareMap = (
  { context, operation, signal }: Preparation,
  source: Image,
  gradient: boolean,
): Promise<Prepared<'resample'>> =>
  context.prepare(
    {
      kind: 'resample',
      source,
      interpolator: 'bspline3',
      boundary: { kind: 'mirror' },
      pixelType: 'float32',
      gradient,
      demand: mapDemand(operation),
    },
    signal,
  );
