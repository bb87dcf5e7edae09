import {
  type AffineMap,
  createGrid,
  createImage,
  type Image,
  type Resample,
  type Resampled,
  type ResampleRun,
} from '@voxhost/sdk';
import { linearResample } from './operations.js';

/** A 2-D image of which every pixel differs. */
export const smallImage = (offset = 0): Image =>
  createImage(
    createGrid({ size: [16, 12] }),
    Float32Array.from({ length: 192 }, (_, i) => offset + i),
  );

export const identity: AffineMap = {
  kind: 'affine',
  matrix: new Float64Array([1, 0, 0, 0, 1, 0]),
};

export const smallResample = (source = smallImage()): Resample =>
  linearResample(source, {
    demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 10 },
  });

/** One identity run over the whole image. */
export const runOnce = <R extends Resampled>(
  prepared: { run(map: AffineMap, run: ResampleRun): Promise<R> },
  signal?: AbortSignal,
): Promise<R> =>
  prepared.run(identity, {
    samples: { size: [16, 12] },
    ...(signal === undefined ? {} : { signal }),
  });
