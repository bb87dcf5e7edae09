import { affineMap, createGrid } from '@voxhost/sdk';
import { legacyStretch, type ResampleRequest, resampleImage } from 'voxhost/lazy';
import { comparePlanes } from './compare.js';
import { pixelTypeNamed, readGoldenImage, readPlanes } from './golden-array.js';
import { type GoldenSampling, samplingOf } from './golden-sampling.js';
import type { CaseRunner, Expected } from './monai-case.js';

interface AffineParams extends GoldenSampling {
  readonly matrix: readonly (readonly number[])[];
  readonly spatial_size: readonly number[];
  readonly align_corners_convention?: string;
}

/** One `AffineResample`: output index to input index, axes x, y, z as the golden's 0, 1, 2. */
export const runAffine: CaseRunner = async (golden, context) => {
  const expected = golden.expect as Expected;
  const params = golden.ops[0].params as unknown as AffineParams;
  const source = await readGoldenImage(context.folder, context.inputs[golden.input]);
  const size = params.spatial_size;
  const legacy = params.align_corners_convention === 'monai-legacy';
  const matrix = legacy
    ? legacyStretch(params.matrix.flat(), source.grid.size, size)
    : params.matrix.flat();
  const request: ResampleRequest = {
    ...context.settings,
    like: createGrid({ size }),
    map: affineMap(matrix),
    ...samplingOf(params),
    pixelType: pixelTypeNamed(expected.dtype),
  };
  const { image } = await resampleImage(context.router, source, request);
  return comparePlanes(image.data, await readPlanes(context.folder, expected), golden.tol);
};
