import {
  affineMap,
  type ContinuousMap,
  createGrid,
  fieldMap,
  locateAll,
  sequenceMap,
} from '@voxhost/sdk';
import { boundaryOfPadding, interpolatorOfMode, resampleImage } from 'voxhost/lazy';
import { comparePlanes } from './compare.js';
import { pixelTypeNamed, readGoldenImage, readPlanes } from './golden-array.js';
import type { CaseContext, CaseRunner, Expected, MonaiCase, MonaiOp } from './monai-case.js';

/** Maps given in execution order, composed and sampled once; the composed coordinates are compared too. */
export const runCompose: CaseRunner = async (golden, context) => {
  const expected = golden.expect as Expected;
  const source = await readGoldenImage(context.folder, context.inputs[golden.input]);
  const maps = await Promise.all(golden.ops.map((op) => mapOf(op, context)));
  const map = sequenceMap(maps.reverse());
  const size = expected.shape.slice(1);
  await compareCoordinates(map, golden, context);
  const { mode = 'bilinear', padding_mode = 'zeros' } = golden.sample ?? {};
  const { image } = await resampleImage(context.router, source, {
    ...context.settings,
    like: createGrid({ size }),
    map,
    interpolator: interpolatorOfMode(mode),
    boundary: boundaryOfPadding(padding_mode, mode),
    pixelType: pixelTypeNamed(expected.dtype),
  });
  return comparePlanes(image.data, await readPlanes(context.folder, expected), golden.tol);
};

async function mapOf(op: MonaiOp, context: CaseContext): Promise<ContinuousMap> {
  if (op.op === 'AffineResample') {
    const { matrix } = op.params as { matrix: number[][] };
    return affineMap(matrix.flat());
  }
  const { grid } = op.params as { grid: string };
  const array = context.inputs[grid];
  const data = Float64Array.from(await readPlanes(context.folder, array));
  return fieldMap({ lattice: { size: array.shape.slice(1), order: 1, outside: 'edge', data } });
}

async function compareCoordinates(
  map: ContinuousMap,
  golden: MonaiCase,
  { folder }: CaseContext,
): Promise<void> {
  const { grid } = golden.expect as Expected;
  if (grid === undefined) return;
  const [dims, ...size] = grid.shape;
  const located = locateAll(map, { size }, dims);
  const count = located.length / dims;
  const planes = located.map((_, i) => located[(i % count) * dims + Math.floor(i / count)]);
  comparePlanes(planes, await readPlanes(folder, grid), golden.tol);
}
