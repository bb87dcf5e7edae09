import {
  affineMap,
  type ContinuousMap,
  type Grid,
  type Image,
  indexToPhysical,
  invertAffine,
  type RunOptions,
  sequenceMap,
} from '@voxhost/sdk';
import { isHostError } from '../errors.js';
import { inverse } from '../geometry/inverse.js';
import { invertOnGrid } from '../geometry/invert-on-grid.js';
import { inOrder, physicalMap } from '../geometry/physical-maps.js';
import { unshearedGrid } from '../geometry/shear.js';
import type { Transform } from '../geometry/transform.js';
import type { VolumeHeader } from '../io/index.js';
import { outputGrid } from '../lazy/output-grid.js';
import { planResample, type ResampleRequest } from '../lazy/resample-request.js';
import type { SamplingTask } from '../lazy/sampling.js';

/** A volume as it was read; of a sheared one the header has where its voxels truly are. */
export interface ReadSource {
  readonly image: Image;
  readonly header: VolumeHeader;
}

/** What a line asks beyond its request. */
export interface Way extends RunOptions {
  readonly transform: Transform | undefined;
  readonly inverse: boolean;
  /** Told what a user should know of the answer. */
  readonly warn: (text: string) => void;
}

/** Decides where each output voxel looks: through transforms or their inverse, into a sheared volume or not. */
export async function planWay(
  { image, header }: ReadSource,
  request: ResampleRequest,
  way: Way,
): Promise<SamplingTask> {
  const base = header.sheared ? unshearedGrid(header.affine, image.grid) : image.grid;
  const output = outputGrid(base, request);
  const transforms = await physicalMaps(output, way);
  if (!header.sheared) return planResample(image, { ...request, transforms });
  const toIndex = invertAffine(affineMap(header.affine));
  const map = sequenceMap([affineMap(indexToPhysical(output)), ...transforms, toIndex]);
  const { interpolator, boundary, pixelType } = planResample(image, request);
  return { source: image, output, map, interpolator, boundary, pixelType };
}

/** In the order they are applied. */
async function physicalMaps(output: Grid, way: Way): Promise<readonly ContinuousMap[]> {
  if (way.transform === undefined) return [];
  const transform = way.inverse ? await inverted(way.transform, output, way) : way.transform;
  return inOrder(transform).map(physicalMap);
}

/** In closed form where there is one, else point by point on the output grid. */
async function inverted(transform: Transform, output: Grid, way: Way): Promise<Transform> {
  try {
    return inverse(transform);
  } catch (error) {
    if (!isHostError(error, 'NOT_EXPRESSIBLE')) throw error;
  }
  const { field, unsolved } = await invertOnGrid(transform, output, {
    ...(way.signal && { signal: way.signal }),
  });
  if (unsolved > 0) way.warn(`the transform has no inverse at ${unsolved} voxels of the output`);
  return field;
}
