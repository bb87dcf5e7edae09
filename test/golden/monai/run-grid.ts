import {
  createGrid,
  fieldMap,
  type IndexMap,
  type Pixels,
  pointsMap,
  voxelCount,
} from '@voxhost/sdk';
import { resampleImage } from 'voxhost/lazy';
import { comparePlanes } from './compare.js';
import { pixelTypeNamed, readGoldenImage, readPlanes } from './golden-array.js';
import { type GoldenSampling, samplingOf } from './golden-sampling.js';
import type { CaseRunner, Expected } from './monai-case.js';

interface GridParams extends GoldenSampling {
  readonly grid: string;
  readonly space: 'voxel' | 'normalized' | 'displacement';
}

/** One `GridResample`: the source coordinates of every output voxel are given. */
export const runGrid: CaseRunner = async (golden, context) => {
  const expected = golden.expect as Expected;
  const params = golden.ops[0].params as unknown as GridParams;
  const source = await readGoldenImage(context.folder, context.inputs[golden.input]);
  const planes = await readPlanes(context.folder, context.inputs[params.grid]);
  const size = expected.shape.slice(1);
  const { image } = await resampleImage(context.router, source, {
    ...context.settings,
    like: createGrid({ size }),
    map: mapOf(planes, params, { in: source.grid.size, out: size }),
    ...samplingOf(params),
    pixelType: pixelTypeNamed(expected.dtype),
  });
  return comparePlanes(image.data, await readPlanes(context.folder, expected), golden.tol);
};

function mapOf(
  planes: Pixels,
  params: GridParams,
  sizes: { readonly in: readonly number[]; readonly out: readonly number[] },
): IndexMap {
  if (params.space === 'displacement') return displacementField(planes, sizes.out);
  const dims = sizes.out.length;
  const count = voxelCount(sizes.out);
  const positions = new Float64Array(count * dims);
  for (let i = 0; i < positions.length; i++) {
    const axis = i % dims;
    const value = planes[axis * count + Math.floor(i / dims)];
    positions[i] = params.space === 'voxel' ? value : denormalized(value, sizes.in[axis], params);
  }
  return pointsMap(positions);
}

/** torch's -1 .. 1: between the outer edges, or between the corner centres with align_corners. */
const denormalized = (value: number, n: number, { align_corners }: GridParams): number =>
  align_corners ? ((value + 1) / 2) * (n - 1) : ((value + 1) * n - 1) / 2;

/** x -> x + u(x), u linear between the voxels of its own grid and clamped at its border. */
export function displacementField(planes: Pixels, size: readonly number[]): IndexMap {
  const data = Float64Array.from(planes);
  return fieldMap({ lattice: { size, order: 1, outside: 'edge', data } });
}
